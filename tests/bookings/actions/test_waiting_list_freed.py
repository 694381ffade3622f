"""What becomes free, and that it is offered once, here, and whole."""

from datetime import timedelta

import pytest

from accounts.permissions import Role
from bookings.actions import offers
from bookings.actions.appointments import (
    cancel_appointment,
    change_status,
    reschedule_appointment,
)
from bookings.actions.holds import hold_slot, release_hold
from bookings.actions.offers import hear_of, offer_freed_slot
from bookings.actions.waiting_list import accept_offer
from bookings.models import Appointment, HealthcareService, WaitingListEntry, WaitingListOffer
from bookings.rules.statuses import Status
from core import clock
from events.models import Event
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import inside, outside
from tests.support.booking import book, let_run_out
from tests.support.catalogue import at, coming_day, guest, make_service
from tests.support.waiting_list import (
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
def free_up(desk):
    """Cancel a visit, and let happen what follows."""

    def cancel(row):
        cancel_appointment(desk, reference=row.reference)
        let_jobs_run()

    return cancel


def test_when_nobody_waits_nothing_is_queued(desk, check_up, taken):
    cancel_appointment(desk, reference=taken.reference)

    with outside():
        run_due("events")

    assert not Job.objects.filter(kind="waiting_list.offer").exists()


def test_what_the_practitioner_offers_besides_may_use_the_slot(desk, dr_bob, taken, free_up):
    short = make_service(dr_bob, slug="short", duration_minutes=15, slot_interval=15)
    long = make_service(dr_bob, slug="long", duration_minutes=60)
    too_long = wait(desk, long, "Anong", date_until=coming_day(), part_of_day="morning")
    book(desk, short, at(9), guest=guest("Before", "0811111112"))
    book(desk, short, at(9, 45), guest=guest("Right before", "0811111113"))
    book(desk, short, at(10, 30), guest=guest("After", "0811111114"))
    twice = [wait(desk, short, name) for name in ("Boon", "Chai", "Dao")]

    free_up(taken)

    assert offer_to(too_long) is None
    starts = [offered_start(one) for one in twice]
    assert starts == [taken.start, taken.start + timedelta(minutes=15), None]


def test_what_somebody_books_before_it_is_offered_is_theirs(desk, check_up, taken):
    waiting = wait(desk, check_up, "Anong")
    cancel_appointment(desk, reference=taken.reference)
    theirs = book(desk, check_up, at(10), guest=guest("Quick", "0811111111"))

    let_jobs_run()

    assert (status_of(waiting), offer_to(waiting)) == ("WAITING", None)
    assert Appointment.objects.get(pk=theirs.pk).status == "SCHEDULED"


def test_the_time_that_a_booking_moved_away_from_is_offered(desk, check_up, taken):
    waiting = wait(desk, check_up, "Anong")
    reschedule_appointment(desk, reference=taken.reference, start=at(15))

    let_jobs_run()

    assert offered_start(waiting) == taken.start


def test_the_practitioner_that_a_booking_moved_away_from_is_offered(desk, check_up, dr_bob, dr_eve, taken):
    waiting = wait(desk, check_up, "Anong", practitioner_id=str(dr_bob.pk))
    reschedule_appointment(desk, reference=taken.reference, start=at(10), practitioner_id=str(dr_eve.pk))

    let_jobs_run()

    assert offered_start(waiting) == taken.start


def test_what_a_no_show_leaves_is_offered_and_a_check_in_frees_nothing(desk, check_up, taken):
    waiting = wait(desk, check_up, "Anong")
    late = book(desk, check_up, at(14), guest=guest("Late", "0811111111"))
    change_status(desk, reference=taken.reference, status=Status.CHECKED_IN)
    let_jobs_run()
    assert offer_to(waiting) is None

    change_status(desk, reference=late.reference, status=Status.NO_SHOW)
    let_jobs_run()
    assert offered_start(waiting) == late.start


@pytest.mark.parametrize("how", ["let go", "ran out"])
def test_a_slot_that_was_held_is_offered_when_the_hold_ends(desk, check_up, how):
    hold = hold_slot(desk, service_id=check_up.pk, start=at(10))
    let_jobs_run()
    waiting = wait(desk, check_up, "Anong")

    if how == "let go":
        release_hold(desk, hold_id=hold.pk)
    else:
        let_run_out(hold)
        Job.objects.filter(subject=str(hold.pk)).update(due_at=clock.now())
    let_jobs_run()

    assert offered_start(waiting) == hold.start


def test_two_slots_go_to_the_first_two_and_nobody_gets_two_offers(desk, check_up):
    rows = [
        book(desk, check_up, at(hour), guest=guest(f"Guest {hour}", f"08111111{hour}")) for hour in (10, 11)
    ]
    first, second = wait(desk, check_up, "Anong"), wait(desk, check_up, "Boon")

    for row in rows:
        cancel_appointment(desk, reference=row.reference)
    let_jobs_run()

    assert {offered_start(first), offered_start(second)} == {row.start for row in rows}
    assert WaitingListOffer.objects.count() == 2


def test_an_event_that_is_told_twice_makes_one_offer(desk, check_up, taken, free_up):
    first, second = wait(desk, check_up, "Anong"), wait(desk, check_up, "Boon")
    free_up(taken)
    event = Event.objects.get(type="booking.cancelled")

    hear_of(event)
    let_jobs_run()
    assert offer_freed_slot(str(event.pk)) is None

    assert (status_of(first), status_of(second)) == ("OFFERED", "WAITING")
    assert WaitingListOffer.objects.count() == 1


def test_a_seat_that_becomes_free_in_a_group_is_offered(desk, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=2, duration_minutes=60, slot_interval=60)
    rows = [book(desk, yoga, at(10), guest=guest(f"Guest {one}", f"081111111{one}")) for one in (1, 2)]
    first, second = wait(desk, yoga, "Anong"), wait(desk, yoga, "Boon")

    cancel_appointment(desk, reference=rows[0].reference)
    let_jobs_run()

    assert offered_start(first) == rows[0].start
    assert offer_to(second) is None
    booked = accept_offer(desk, entry_id=first)
    assert (booked.start, booked.seat) == (rows[0].start, 1)


def test_a_slot_of_another_hospital_is_offered_to_nobody_here(
    desk, check_up, taken, other_hospital, other_people
):
    here = wait(desk, check_up, "Anong")
    with inside(other_hospital):
        theirs = other_people.actor(Role.FRONT_DESK)
        service = HealthcareService.objects.get(slug="check-up")
        there = wait(theirs, service, "Anong")
        row = book(theirs, service, at(10))
        cancel_appointment(theirs, reference=row.reference)
    let_jobs_run()

    assert (offer_to(here), WaitingListEntry.objects.count()) == (None, 1)
    with inside(other_hospital):
        assert offered_start(there) == row.start
        assert WaitingListEntry.objects.count() == 1


def test_a_fault_in_the_middle_leaves_no_half_an_offer_and_is_made_good(
    desk, check_up, taken, free_up, monkeypatch
):
    waiting = wait(desk, check_up, "Anong")

    def choke(*_, **__):
        raise ValueError

    with monkeypatch.context() as patched:
        patched.setattr(offers, "notify", choke)
        free_up(taken)
    assert (status_of(waiting), WaitingListOffer.objects.count()) == ("WAITING", 0)
    assert not Appointment.objects.filter(status="HELD").exists()
    job = Job.objects.get(kind="waiting_list.offer")
    assert job.attempts == 1

    Job.objects.filter(pk=job.pk).update(due_at=clock.now())
    let_jobs_run()
    assert offered_start(waiting) == taken.start


def test_who_waits_for_what_is_not_offered_any_more_waits_on(desk, check_up, taken, free_up):
    waiting = wait(desk, check_up, "Anong")
    check_up.is_active = False
    check_up.save()

    free_up(taken)

    assert (status_of(waiting), offer_to(waiting)) == ("WAITING", None)
    assert not Job.objects.filter(kind="waiting_list.offer").exists()


def test_the_time_of_a_service_that_is_offered_no_more_is_offered_for_another(
    desk, check_up, dr_bob, free_up
):
    old = make_service(dr_bob, slug="old", duration_minutes=60)
    row = book(desk, old, at(10))
    waiting = wait(desk, check_up, "Anong", date_from=coming_day(1), date_until=coming_day(1))
    old.is_active = False
    old.save()

    free_up(row)

    assert offered_start(waiting) == row.start
