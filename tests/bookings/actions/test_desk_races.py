"""The desk at work while others book: real threads against one PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction

from bookings.actions.appointments import change_status, reschedule_appointment
from bookings.actions.holds import hold_slot
from bookings.actions.walk_ins import walk_in
from bookings.models import Appointment
from bookings.rules.statuses import OCCUPYING, Status
from core.actor import Actor
from tests.support.booking import book
from tests.support.catalogue import at, give_hours, guest, make_practitioner, make_service
from tests.support.daytime import let_it_be_morning
from tests.support.rows import minutes
from tests.support.threads import reasons, together, wait_until_somebody_waits_for_us, winners

pytestmark = pytest.mark.usefixtures("patient_locks")

VERBS = ("read", "book", "hold", "move", "cancel", "attend", "waive", "overbook")
DESK = Actor.system("desk races", *(f"appointments.{verb}" for verb in VERBS))
PATIENT = Actor.system("patients", "appointments.book")


@pytest.fixture
def limited(doctor):
    """Three a day."""
    doctor.daily_limit = 3
    doctor.save()
    return doctor


def people(count):
    return [guest(f"Guest {number}", f"08100000{number:02}") for number in range(count)]


def squeeze(visit, doctor, who, start=None):
    return book(
        DESK, visit, start or at(10), guest=who, practitioner_id=str(doctor.pk), overbook_reason="Fever"
    )


def overbooked_at(start):
    return sorted(Appointment.objects.filter(start=start).values_list("overbooked", flat=True))


def test_of_many_who_overbook_one_slot_at_once_all_stand_and_one_has_the_seat(fresh_hospital, visit, doctor):
    jobs = [partial(squeeze, visit, doctor, one) for one in people(6)]
    outcomes = together(fresh_hospital, jobs)
    assert reasons(outcomes) == []
    assert overbooked_at(outcomes[0].start) == [False, *[True] * 5]


def test_of_one_who_books_and_one_who_overbooks_nobody_is_lost(fresh_hospital, visit, doctor):
    one, two = people(2)
    outcomes = together(
        fresh_hospital,
        [partial(book, PATIENT, visit, at(10), guest=one), partial(squeeze, visit, doctor, two)],
    )
    # Whoever came second: the patient is refused, the other stands beside.
    if reasons(outcomes):
        assert reasons(outcomes) == ["slot_taken"]
        assert outcomes[1].overbooked is False
    else:
        assert overbooked_at(outcomes[0].start) == [False, True]
        assert outcomes[1].overbooked is True


def test_of_a_patient_who_books_and_a_clerk_who_moves_one_gets_the_slot(fresh_hospital, visit):
    one, two = people(2)
    row = book(DESK, visit, at(9), guest=one)
    move = partial(
        reschedule_appointment, DESK, reference=row.reference, start=at(10), waive=True, seen_start=row.start
    )
    outcomes = together(fresh_hospital, [move, partial(book, PATIENT, visit, at(10), guest=two)])
    assert reasons(outcomes) == ["slot_taken"]
    at_ten = Appointment.objects.filter(start=row.start + minutes(60), status__in=OCCUPYING)
    assert at_ten.get() == winners(outcomes)[0]
    assert Appointment.objects.filter(pk=row.pk, status="SCHEDULED").exists()


def test_of_two_clerks_who_move_one_appointment_one_is_told_that_it_has_moved(fresh_hospital, visit):
    row = book(DESK, visit, at(9))
    jobs = [
        partial(reschedule_appointment, DESK, reference=row.reference, start=at(hour), seen_start=row.start)
        for hour in (10, 11, 14, 15)
    ]
    outcomes = together(fresh_hospital, jobs)
    assert reasons(outcomes) == ["moved_meanwhile"] * 3
    assert Appointment.objects.get().start == winners(outcomes)[0].start


def test_one_whom_another_gives_to_a_colleague_meanwhile_is_told_that_it_has_moved(
    fresh_hospital, doctor, visit
):
    """The row that is waited for comes back with another practitioner: it has moved, and is not gone."""
    colleague = make_practitioner("Dr Two")
    visit.practitioners.add(colleague)
    row = book(DESK, visit, at(9), practitioner_id=str(doctor.pk))
    move = partial(reschedule_appointment, DESK, reference=row.reference)
    with ThreadPoolExecutor(1) as meanwhile:
        with transaction.atomic():
            move(start=at(10), practitioner_id=str(colleague.pk))
            late = partial(move, start=at(11), practitioner_id=str(doctor.pk), seen_start=row.start)
            other = meanwhile.submit(together, fresh_hospital, [late])
            wait_until_somebody_waits_for_us()
        outcomes = other.result()

    assert reasons(outcomes) == ["moved_meanwhile"]
    assert Appointment.objects.get().practitioner == colleague


def test_of_many_who_book_a_day_at_once_as_many_get_in_as_it_takes(fresh_hospital, visit, limited):
    hours = [(hour, minute) for hour in (9, 10, 11, 14, 15) for minute in (0, 30)]
    jobs = [
        partial(book, PATIENT, visit, at(*when), guest=one)
        for when, one in zip(hours, people(10), strict=True)
    ]
    outcomes = together(fresh_hospital, jobs)
    assert reasons(outcomes) == ["day_full"] * 7
    assert Appointment.objects.filter(status__in=OCCUPYING).count() == 3


def test_every_way_into_a_day_with_one_place_left_leads_one_in(fresh_hospital, visit, limited):
    rows = [book(DESK, visit, at(hour), guest=one) for hour, one in zip((9, 10), people(2), strict=True)]
    late, new, far = [guest(name, f"082000000{number}") for number, name in enumerate(("Late", "New", "Far"))]
    missed = book(DESK, visit, at(11), guest=late)
    change_status(DESK, reference=missed.reference, status=Status.NO_SHOW)
    tomorrow = book(DESK, visit, at(9, days=2), guest=far)
    outcomes = together(
        fresh_hospital,
        [
            partial(book, PATIENT, visit, at(14), guest=new),
            partial(hold_slot, DESK, service_id=visit.pk, start=at(15)),
            partial(reschedule_appointment, DESK, reference=tomorrow.reference, start=at(16)),
            partial(change_status, DESK, reference=missed.reference, status=Status.CHECKED_IN),
        ],
    )
    assert reasons(outcomes) == ["day_full"] * 3
    of_day = Appointment.objects.filter(start__date=rows[0].start.date(), status__in=OCCUPYING)
    assert of_day.count() == 3


# ── walk-ins ──────────────────────────────────────────────────────────────────


@pytest.fixture
def owls(fresh_hospital):
    """Two who work around the clock, where it is morning."""
    let_it_be_morning(fresh_hospital)
    fresh_hospital.save(update_fields=["timezone"])
    owls = [make_practitioner(name, hours=False) for name in ("Dr Owl", "Dr Lark")]
    for owl in owls:
        give_hours(owl, ("00:00", "00:00"))
    yield owls
    fresh_hospital.timezone = "Asia/Bangkok"
    fresh_hospital.save(update_fields=["timezone"])


def test_all_who_come_in_at_once_get_numbers_of_their_own_without_a_gap(fresh_hospital, owls):
    visit = make_service(*owls, slug="visit")
    jobs = [partial(walk_in, DESK, service_id=visit.pk, guest=one) for one in people(8)]
    outcomes = together(fresh_hospital, jobs)
    assert reasons(outcomes) == []
    assert sorted(row.queue_number for row in outcomes) == list(range(1, 9))
    begin = min(row.start for row in outcomes)
    for owl in owls:
        starts = sorted(row.start for row in outcomes if row.practitioner_id == owl.pk)
        assert starts == [begin + minutes(30 * place) for place in range(len(starts))]


def test_numbers_of_two_practitioners_are_one_queue(fresh_hospital, owls):
    visits = [make_service(owl, slug=f"visit-{number}") for number, owl in enumerate(owls)]
    jobs = [
        partial(walk_in, DESK, service_id=visits[number % 2].pk, guest=one)
        for number, one in enumerate(people(6))
    ]
    outcomes = together(fresh_hospital, jobs)
    assert reasons(outcomes) == []
    assert sorted(row.queue_number for row in outcomes) == [1, 2, 3, 4, 5, 6]


def test_whoever_is_refused_leaves_no_gap_in_the_queue(fresh_hospital, owls):
    visit = make_service(owls[0], slug="visit")
    owls[0].daily_limit = 3
    owls[0].save()
    jobs = [partial(walk_in, DESK, service_id=visit.pk, guest=one) for one in people(6)]
    outcomes = together(fresh_hospital, jobs)
    assert reasons(outcomes) == ["day_full"] * 3
    assert sorted(row.queue_number for row in winners(outcomes)) == [1, 2, 3]
