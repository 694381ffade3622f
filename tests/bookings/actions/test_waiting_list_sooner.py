"""Bookings that are to come sooner: offered, moved, and over."""

from datetime import timedelta

import pytest

from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.holds import hold_slot
from bookings.actions.waiting_list import accept_offer, decline_offer, join_waiting_list
from bookings.models import Appointment
from bookings.rules.statuses import Status
from core import clock
from jobs.models import Job
from tests.support.booking import book, let_run_out, refused, types_of
from tests.support.catalogue import at, coming_day, guest, make_service
from tests.support.waiting_list import (
    entry_of,
    let_jobs_run,
    offer_to,
    offered_start,
    status_of,
    wait,
)


@pytest.fixture
def taken(desk, check_up, dr_bob):
    """A visit to Dr Bob tomorrow at ten."""
    return book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk))


@pytest.fixture
def later(desk, check_up):
    """Anong's visit in five days."""
    return book(desk, check_up, at(14, days=5), guest=guest("Anong", "0823456789"), notes="By wheelchair")


def test_accepting_moves_the_booking_that_was_to_come_sooner(desk, later, taken):
    old = later.start
    waiting = join_waiting_list(desk, reference=later.reference).pk
    next_one = wait(desk, later.service, "Boon", date_from=coming_day(5))
    cancel_appointment(desk, reference=taken.reference)
    let_jobs_run()
    assert offered_start(waiting) == taken.start

    row = accept_offer(desk, entry_id=waiting)

    assert (row.pk, row.reference, row.start, row.notes) == (
        later.pk,
        later.reference,
        taken.start,
        "By wheelchair",
    )
    assert not Appointment.objects.filter(status="HELD").exists()
    assert types_of(row)[-1] == "booking.rescheduled"
    assert (status_of(waiting), entry_of(waiting).became) == ("ACCEPTED", later)
    # The time that it left goes to the next in line.
    let_jobs_run()
    assert offered_start(next_one) == old


def test_a_confirmed_booking_that_comes_sooner_has_to_be_confirmed_anew(desk, later, taken):
    change_status(desk, reference=later.reference, status=Status.CONFIRMED)
    waiting = join_waiting_list(desk, reference=later.reference).pk
    cancel_appointment(desk, reference=taken.reference)
    let_jobs_run()

    assert accept_offer(desk, entry_id=waiting).status == "SCHEDULED"
    with refused("nothing_offered"):
        decline_offer(desk, entry_id=waiting)


def test_only_what_is_sooner_is_offered_for_a_booking(desk, check_up, later):
    waiting = join_waiting_list(desk, reference=later.reference).pk
    rows = {
        hour: book(desk, check_up, at(hour, days=5), guest=guest(f"Guest {hour}", f"08111111{hour}"))
        for hour in (13, 15)
    }

    cancel_appointment(desk, reference=rows[15].reference)
    let_jobs_run()
    assert offer_to(waiting) is None

    cancel_appointment(desk, reference=rows[13].reference)
    let_jobs_run()
    assert offered_start(waiting) == rows[13].start


def test_an_offer_that_is_not_sooner_any_more_is_withdrawn(desk, later, taken):
    waiting = join_waiting_list(desk, reference=later.reference).pk
    cancel_appointment(desk, reference=taken.reference)
    let_jobs_run()

    reschedule_appointment(desk, reference=later.reference, start=at(9))
    with refused("offer_expired"):
        accept_offer(desk, entry_id=waiting)
    let_jobs_run()

    assert (status_of(waiting), offer_to(waiting)) == ("WAITING", None)
    assert entry_of(waiting).offers.get().outcome == "WITHDRAWN"


@pytest.mark.parametrize("how", [Status.CANCELLED, Status.CHECKED_IN, Status.NO_SHOW])
def test_when_the_booking_is_over_so_is_the_waiting_and_the_next_gets_the_slot(
    desk, check_up, later, taken, how
):
    waiting = join_waiting_list(desk, reference=later.reference).pk
    next_one = wait(desk, check_up, "Boon", date_until=coming_day(1))
    cancel_appointment(desk, reference=taken.reference)
    let_jobs_run()
    assert (offered_start(waiting), offer_to(next_one)) == (taken.start, None)

    change_status(desk, reference=later.reference, status=how)
    let_jobs_run()

    assert status_of(waiting) == "CLOSED"
    assert offered_start(next_one) == taken.start


def test_a_booking_that_moves_ahead_has_its_entry_reviewed_sooner(desk, later):
    waiting = join_waiting_list(desk, reference=later.reference).pk
    assert Job.objects.get(kind="waiting_list.review").due_at == later.start

    moved = reschedule_appointment(desk, reference=later.reference, start=at(14, days=2))
    let_jobs_run()

    assert Job.objects.get(kind="waiting_list.review").due_at == moved.start
    Appointment.objects.filter(pk=later.pk).update(
        start=clock.now() - timedelta(minutes=1), occupied=(clock.now() - timedelta(hours=1), moved.end)
    )
    Job.objects.update(due_at=clock.now())
    let_jobs_run()
    assert status_of(waiting) == "CLOSED"


def test_a_hold_of_another_slot_or_one_that_ran_out_moves_nothing(desk, later):
    hold = hold_slot(desk, service_id=later.service_id, start=at(9))

    with refused("hold_expired"):
        reschedule_appointment(desk, reference=later.reference, start=at(10), hold_id=hold.pk)
    let_run_out(hold)
    with refused("hold_expired"):
        reschedule_appointment(desk, reference=later.reference, start=at(9), hold_id=hold.pk)

    assert Appointment.objects.get(pk=later.pk).start == later.start
    assert Appointment.objects.filter(pk=hold.pk).exists()


def test_a_booking_takes_the_seat_of_the_hold_that_it_moves_onto(desk, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=2)
    row = book(desk, yoga, at(15, days=2), guest=guest("Anong", "0823456789"))
    other = book(desk, yoga, at(10), guest=guest("Boon", "0811111112"))
    hold = hold_slot(desk, service_id=yoga.pk, start=at(10))

    moved = reschedule_appointment(desk, reference=row.reference, start=at(10), hold_id=hold.pk)

    assert (moved.start, {moved.seat, other.seat}) == (other.start, {1, 2})
    assert Appointment.objects.count() == 2
