"""Loading the demonstration: each hospital in one transaction, so that a killed load leaves nothing."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from django.db import connection, transaction

from accounts.models import User
from accounts.permissions import Role
from bookings.demo.catalogue import Made, make_catalogue, make_holidays, make_users, rule_book
from bookings.demo.copying import analyse, copy_rows
from bookings.demo.cover import cover_events, make_cover
from bookings.demo.history import appointments_of, booking_events, registrations, staff_of
from bookings.demo.more import Size, fill_the_rest
from bookings.demo.people import Person, make_people
from bookings.demo.plan import AccountPlan, HospitalPlan
from bookings.demo.plans import all_hospitals
from bookings.demo.visits import Crowd, Diary, Visit, offers_of
from bookings.models import (
    Appointment,
    HealthcareService,
    Patient,
    PatientConsent,
    PatientInsurance,
    Practitioner,
    Rating,
)
from bookings.rules.rulebook import RuleBook
from core import clock
from events.models import Event
from subscriptions.demo import subscribe_demo
from tenants.context import current_hospital, inside, outside
from tenants.models import Hospital
from tenants.provisioning import provision_hospital

OPERATOR = AccountPlan(
    role=Role.ADMIN, email="operator@nadmor.example", first_name="NadMor", last_name="Operator"
)

# The zone whose date the plans are told from.
_ZONE = "Asia/Bangkok"

Tell = Callable[[str], None]


FULL = Size()


def load_demo(tell: Tell, size: Size = FULL) -> tuple[HospitalPlan, ...]:
    """Load what is missing of the demonstration and return its plans.

    A hospital that holds anything is left as it is, one that is there but empty is filled. `tell` hears
    of progress, a line at a time.
    """
    plans = all_hospitals(clock.today_in(_ZONE))
    for plan in plans:
        _load_hospital(plan, tell, size)
    _ensure_operator()
    return plans


def _load_hospital(plan: HospitalPlan, tell: Tell, size: Size) -> None:
    begun = time.monotonic()
    with transaction.atomic():
        _wait_for_turn()
        if _is_loaded(plan.subdomain):
            tell(f"{plan.name}: there already, left as it is")
            return
        with inside(_find_or_provision(plan)):
            tell(f"{plan.name}: tables made ({time.monotonic() - begun:.1f} s)")
            _fill(plan, tell, size)
            subscribe_demo(current_hospital())
    tell(f"{plan.name}: done ({time.monotonic() - begun:.1f} s)")


def find_hospital(subdomain: str) -> Hospital | None:
    """The hospital of a subdomain, also one that was switched off."""
    with outside():
        found: Hospital | None = Hospital.objects.filter(subdomain=subdomain).first()
        return found


def _is_loaded(subdomain: str) -> bool:
    hospital = find_hospital(subdomain)
    if hospital is None:
        return False
    with inside(hospital):
        return not _is_empty()


def _is_empty() -> bool:
    return not any(model.objects.exists() for model in (HealthcareService, Practitioner, Patient))


def _wait_for_turn() -> None:
    """Let another load finish first: the second one then finds the hospital and leaves it alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('load_demo', 0))")


def _find_or_provision(plan: HospitalPlan) -> Hospital:
    found = find_hospital(plan.subdomain)
    if found is not None:
        return found
    return provision_hospital(subdomain=plan.subdomain, name=plan.name, timezone=plan.zone, **plan.details)


def _fill(plan: HospitalPlan, tell: Tell, size: Size) -> None:
    today, now = clock.today_in(plan.zone), clock.epoch_now()
    first, last = today - timedelta(days=size.days_back), today + timedelta(days=size.days_ahead)
    rng = Random(plan.subdomain)  # noqa: S311  -- made-up people, the same ones each time
    made = make_catalogue(plan)
    book = rule_book(plan, made, make_holidays(first, today))
    people = make_people(plan, today, int(plan.patients * size.patients), rng)
    people[0].patient.user = made.users[Role.PATIENT]
    tell(f"{plan.name}: {len(made.practitioners)} practitioners, {len(made.services)} event types")
    diary = _diary(plan, made, book, people, today, now, rng)
    visits = list(diary.visits(first, last))
    counted = _write(people, visits, made, now, rng)
    fill_the_rest(plan, size)
    tell(f"{plan.name}: {len(people):,} patients, {len(visits):,} appointments, {counted:,} events")


def _diary(
    plan: HospitalPlan, made: Made, book: RuleBook, people: list[Person], today: date, now: int, rng: Random
) -> Diary:
    rows = list(zip(plan.services, made.services, strict=True))
    who = zip(plan.practitioners, made.practitioners, strict=True)
    offers = offers_of(
        ((book.services[row.pk], each.popularity) for each, row in rows),
        {str(row.pk): each.demand for each, row in who},
    )
    crowd = Crowd(people, {row.pk: each.audience for each, row in rows}, rng)
    return Diary(book, offers, crowd, today, now, rng)


def _write(people: list[Person], visits: list[Visit], made: Made, now: int, rng: Random) -> int:
    """Save patients, appointments and their history; return how many events that is."""
    treating = {str(row.pk): row.user for row in made.practitioners if row.user is not None}
    staff = staff_of(made.users, treating)
    rows = appointments_of(visits)
    events = registrations(people, visits, staff.desk, now, rng) + booking_events(visits, rows, staff)
    cover = make_cover(people, visits, rows, now, rng)
    events += cover_events(cover, staff.desk)
    # The key of an event is a cursor: it must grow with time.
    events.sort(key=lambda event: event.occurred_at)
    # What setting up has recorded, nobody needs to hear of. (When it happened cannot be changed: a trigger.)
    Event.objects.update(relayed_at=clock.from_epoch(now))
    copy_rows(Patient, [person.patient for person in people])
    copy_rows(Appointment, rows)
    copy_rows(PatientInsurance, cover.insurances)
    copy_rows(PatientConsent, cover.consents)
    copy_rows(Rating, cover.ratings)
    copy_rows(Event, events)
    analyse(Patient, Appointment, PatientInsurance, PatientConsent, Rating, Event)
    return len(events)


def _ensure_operator() -> None:
    """Somebody who can sign in to the platform's own admin."""
    with outside(), transaction.atomic():
        if not User.objects.filter(email=OPERATOR.email).exists():
            make_users([OPERATOR])
