"""The waiting list with real threads: whoever comes first, nobody is offered what somebody else has."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction

from bookings.actions.appointments import cancel_appointment
from bookings.actions.offers import offer_freed_slot
from bookings.actions.waiting_list import accept_offer, decline_offer, join_waiting_list, leave_waiting_list
from bookings.models import Appointment, WaitingListEntry, WaitingListOffer
from bookings.models.waiting_list import Outcome
from bookings.rules.statuses import OCCUPYING
from core.actor import Actor
from events.models import Event
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import outside
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.threads import reasons, together, wait_until_somebody_waits_for_us, winners
from tests.support.waiting_list import (
    let_jobs_run,
    let_offer_run_out,
    offer_to,
    offered_start,
    status_of,
    wait,
)

pytestmark = pytest.mark.usefixtures("patient_locks")

DESK = Actor.system(
    "races",
    *(f"appointments.{verb}" for verb in ("read", "book", "hold", "move", "cancel", "confirm", "attend")),
)


def work() -> int:
    """What one worker does."""
    with outside():
        return run_due("chores")


def hand_on() -> None:
    with outside():
        run_due("events")


def booked(visit, *hours):
    return [book(DESK, visit, at(hour), guest=guest(f"Guest {hour}", f"08111111{hour:02}")) for hour in hours]


def open_offers():
    return WaitingListOffer.objects.filter(outcome=Outcome.OPEN)


def test_many_workers_offer_many_slots_in_the_order_of_the_line(fresh_hospital, visit):
    rows = booked(visit, 9, 10, 11, 13, 14, 15)
    line = [wait(DESK, visit, f"Number {number}") for number in range(8)]
    for row in rows:
        cancel_appointment(DESK, reference=row.reference)
    hand_on()
    assert Job.objects.filter(kind="waiting_list.offer").count() == 6

    outcomes = together(fresh_hospital, [work] * 4)

    assert reasons(outcomes) == []
    assert [status_of(one) for one in line] == ["OFFERED"] * 6 + ["WAITING"] * 2
    assert sorted(offered_start(one) for one in line[:6]) == [row.start for row in rows]
    assert open_offers().values("hold_id").distinct().count() == 6
    assert Appointment.objects.filter(status="HELD").count() == 6


def test_whoever_is_offered_one_of_two_slots_meanwhile_is_asked_about_the_other_later(fresh_hospital, visit):
    """The second job starts when the first has made its offer and is not yet committed."""
    rows = booked(visit, 9, 10)
    waiting = wait(DESK, visit, "Anong")
    for row in rows:
        cancel_appointment(DESK, reference=row.reference)
    freed = Event.objects.filter(type="booking.cancelled").order_by("id").values_list("id", flat=True)
    first, second = map(str, freed)

    with ThreadPoolExecutor(1) as meanwhile:
        with transaction.atomic():
            assert offer_freed_slot(first) is None
            job = partial(transaction.atomic(offer_freed_slot), second)
            other = meanwhile.submit(together, fresh_hospital, [job])
            wait_until_somebody_waits_for_us()
        (again_at,) = other.result()

    assert offered_start(waiting) == rows[0].start
    assert again_at > open_offers().get().expires_at


def test_of_the_desk_and_the_line_one_gets_the_freed_slot(fresh_hospital, visit):
    for hour in (9, 10, 11, 13):
        (row,) = booked(visit, hour)
        waiting = wait(DESK, visit, f"Waits for {hour}")
        cancel_appointment(DESK, reference=row.reference)
        hand_on()

        desk = partial(book, DESK, visit, at(hour), guest=guest(f"Desk {hour}", f"08222222{hour:02}"))
        outcomes = together(fresh_hospital, [work, desk])

        assert reasons(outcomes) in ([], ["slot_taken"])
        assert Appointment.objects.filter(start=row.start, status__in=OCCUPYING).count() == 1
        assert (offer_to(waiting) is None) == (reasons(outcomes) == [])
        leave_waiting_list(DESK, entry_id=waiting)
        hand_on()
        work()


def test_of_many_who_accept_one_offer_each_gets_the_same_booking(fresh_hospital, visit):
    (row,) = booked(visit, 10)
    waiting = wait(DESK, visit, "Anong")
    cancel_appointment(DESK, reference=row.reference)
    let_jobs_run()

    outcomes = together(fresh_hospital, [partial(accept_offer, DESK, entry_id=waiting)] * 6)

    assert reasons(outcomes) == []
    assert len({one.pk for one in outcomes}) == 1
    assert Appointment.objects.filter(status="SCHEDULED").count() == 1


def test_an_offer_is_accepted_or_let_go_and_not_both(fresh_hospital, visit):
    (row,) = booked(visit, 10)
    waiting = wait(DESK, visit, "Anong")
    cancel_appointment(DESK, reference=row.reference)
    let_jobs_run()

    outcomes = together(
        fresh_hospital,
        [
            partial(accept_offer, DESK, entry_id=waiting),
            partial(decline_offer, DESK, entry_id=waiting),
            partial(leave_waiting_list, DESK, entry_id=waiting),
        ],
    )

    assert not open_offers().exists()
    accepted = status_of(waiting) == "ACCEPTED"
    assert Appointment.objects.filter(status="SCHEDULED").exists() == accepted
    assert not Appointment.objects.filter(status="HELD").exists()
    # Whoever came after the one that ended the offer found nothing to answer.
    assert set(reasons(outcomes)) <= {"nothing_offered", "waiting_list_entry_not_found"}


def test_an_offer_ends_once_however_many_workers_end_it(fresh_hospital, visit):
    (row,) = booked(visit, 10)
    first, second = wait(DESK, visit, "Anong"), wait(DESK, visit, "Boon")
    cancel_appointment(DESK, reference=row.reference)
    let_jobs_run()
    let_offer_run_out(first)

    outcomes = together(fresh_hospital, [let_jobs_run] * 4)

    assert reasons(outcomes) == []
    let_jobs_run()
    assert WaitingListEntry.objects.get(pk=first).offers_missed == 1
    assert (status_of(first), offered_start(second)) == ("WAITING", row.start)


def test_a_booking_is_brought_forward_or_cancelled_and_keeps_one_place(fresh_hospital, visit):
    later = book(DESK, visit, at(14, days=3))
    (row,) = booked(visit, 10)
    waiting = join_waiting_list(DESK, reference=later.reference).pk
    cancel_appointment(DESK, reference=row.reference)
    let_jobs_run()
    assert offered_start(waiting) == row.start

    outcomes = together(
        fresh_hospital,
        [
            partial(accept_offer, DESK, entry_id=waiting),
            partial(cancel_appointment, DESK, reference=later.reference),
        ],
    )
    let_jobs_run()

    assert Appointment.objects.get(pk=later.pk).status == "CANCELLED"
    assert reasons(outcomes) in ([], ["illegal_status"], ["booking_not_found"])
    assert not Appointment.objects.filter(status__in=OCCUPYING).exists()
    assert status_of(waiting) in ("ACCEPTED", "CLOSED")


def test_of_many_who_join_for_one_patient_one_waits(fresh_hospital, visit):
    outcomes = together(fresh_hospital, [partial(wait, DESK, visit, "Anong")] * 6)

    assert reasons(outcomes) == ["already_waiting"] * 5
    assert len(winners(outcomes)) == WaitingListEntry.objects.count() == 1
