"""Visits drawn at random, and the plain rows to count by hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import HealthcareService, Patient, Practitioner, Rating, Source, Specialty
from bookings.rules.statuses import OCCUPYING, Status
from events.models import Event
from tests.support.catalogue import make_practitioner, make_service
from tests.support.rows import insert_appointment

HALF_HOUR = timedelta(minutes=30)
STATUSES = [status.value for status in Status if status is not Status.HELD]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One appointment as it was written."""

    id: UUID
    service: HealthcareService
    practitioner: Practitioner
    patient: Patient | None
    start: datetime
    end: datetime
    created_at: datetime
    status: str
    source: str
    rating: int | None = None
    waited: float | None = None


@dataclass
class World:
    """Everything that a hospital was filled with."""

    zone: str
    patients: list[Patient] = field(default_factory=list)
    practitioners: list[Practitioner] = field(default_factory=list)
    services: list[HealthcareService] = field(default_factory=list)
    specialties: list[Specialty] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def between(self, first: date, last: date) -> list[Visit]:
        """Visits that start on local days from the first to the last."""
        return [visit for visit in self.visits if first <= self.day(visit.start) <= last]


def make_world(zone: str, first: date, last: date, *, visits: int = 150, seed: int = 7) -> World:
    """Fill the hospital at hand with visits from two days before the first day to two after the last."""
    rng, world = Random(seed), World(zone)
    # What the hospital had before would have to be counted too.
    Patient.objects.all().delete()
    _make_people(world, rng, first, last)
    begin = datetime.combine(first, time(), UTC) - 2 * timedelta(days=1)
    slots = ((last - first).days + 5) * 48
    taken: set[tuple[object, datetime]] = set()
    for _number in range(visits):
        _add_visit(world, rng, begin + rng.randrange(slots) * HALF_HOUR, taken)
    return world


def _make_people(world: World, rng: Random, first: date, last: date) -> None:
    world.specialties = [
        Specialty.objects.create(code=code, name_th=code, name_en=code)
        for code in ("heart", "skin", "unused")
    ]
    world.practitioners = [make_practitioner(f"Dr {name}", hours=False) for name in ("Ann", "Ben", "Cat")]
    heart, skin, _unused = world.specialties
    ann, ben, cat = world.practitioners
    for who, what in ((ann, heart), (ben, heart), (ben, skin)):
        who.specialties.add(what)
    people = (ann, ben, cat)
    world.services = [
        make_service(*people, slug="heart-visit", specialty=heart, price=Decimal("900.50")),
        make_service(*people, slug="skin-visit", specialty=skin, price=Decimal("35.25"), currency="USD"),
        make_service(*people, slug="free-talk", price=None),
    ]
    days = (last - first).days + 1
    for number in range(40):
        patient = Patient.objects.create(
            name=f"P{number}", name_key=f"p{number}", phone_number=f"+66810000{number:03}"
        )
        born = datetime.combine(first, time(), UTC) + timedelta(
            minutes=rng.randrange(-days, 2 * days) * 1440 + 37
        )
        Patient.objects.filter(pk=patient.pk).update(created_at=born)
        patient.created_at = born
        world.patients.append(patient)


def _add_visit(world: World, rng: Random, start: datetime, taken: set[tuple[object, datetime]]) -> None:
    service, who = rng.choice(world.services), rng.choice(world.practitioners)
    patient = rng.choice([*world.patients, None])
    status, source = rng.choice(STATUSES), rng.choice(Source.values)
    places = {(who.pk, start)} | ({(patient.pk, start)} if patient else set())
    if status in OCCUPYING:
        if places & taken:
            return
        taken |= places
    created = start - timedelta(minutes=rng.randrange(-60, 20_000))
    row = insert_appointment(
        service, who, start=start, end=start + HALF_HOUR, status=status, source=source, created_at=created,
        patient_id=patient.pk if patient else None, occupied=DateTimeTZRange(start, start + HALF_HOUR),
    )  # fmt: skip
    done, called = status == Status.COMPLETED, status in (Status.COMPLETED, Status.IN_PROGRESS)
    visit = Visit(
        id=row, service=service, practitioner=who, patient=patient, start=start, end=start + HALF_HOUR,
        created_at=created, status=status, source=source,
        rating=_rate(row, rng) if done and rng.random() < 0.6 else None,
        waited=_wait(row, start, rng) if called and rng.random() < 0.7 else None,
    )  # fmt: skip
    world.visits.append(visit)


def _rate(row: UUID, rng: Random) -> int:
    rating = rng.randint(1, 5)
    Rating.objects.create(appointment_id=row, rating=rating)
    return rating


def _wait(row: UUID, start: datetime, rng: Random) -> float:
    """Check somebody in, perhaps again after a no-show, and call them in; return the wait in minutes."""
    minutes = rng.randrange(0, 90)
    came = start - timedelta(minutes=10)
    if rng.random() < 0.3:
        _tell(row, "SCHEDULED", "CHECKED_IN", came - timedelta(minutes=60))
        _tell(row, "CHECKED_IN", "NO_SHOW", came - timedelta(minutes=30))
    _tell(row, "SCHEDULED", "CHECKED_IN", came)
    _tell(row, "CHECKED_IN", "IN_PROGRESS", came + timedelta(minutes=minutes))
    return minutes


def _tell(row: UUID, before: str, after: str, when: datetime) -> None:
    Event.objects.create(
        type="booking.status_changed", subject_type="appointment", subject_id=str(row), door="admin",
        changes={"status": [before, after]}, occurred_at=when,
    )  # fmt: skip
