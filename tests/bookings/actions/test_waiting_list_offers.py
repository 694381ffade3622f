"""Who is offered what becomes free, and who gets it after them."""

from datetime import timedelta

import pytest

from bookings.actions.appointments import (
    book_appointment,
    cancel_appointment,
)
from bookings.actions.waiting_list import accept_offer, decline_offer, leave_waiting_list
from bookings.channels import log
from bookings.models import Appointment, Notice
from core import clock
from events.models import Event
from jobs.models import Job
from tests.support.booking import book, refused
from tests.support.catalogue import at, coming_day, guest
from tests.support.notices import send_all, sending_jobs
from tests.support.waiting_list import (
    entry_of,
    let_jobs_run,
    let_offer_run_out,
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


def test_a_cancelled_slot_is_held_for_the_first_in_line(desk, check_up, taken, free_up):
    first, second = wait(desk, check_up, "Anong"), wait(desk, check_up, "Boon")

    free_up(taken)

    offer = offer_to(first)
    assert (status_of(first), offer.start, offer.end) == ("OFFERED", taken.start, taken.end)
    held = Appointment.objects.get(pk=offer.hold_id)
    assert (held.status, held.guest_name, held.hold_expires_at) == ("HELD", "Anong", offer.expires_at)
    assert held.patient_id == entry_of(first).patient_id is not None
    assert (status_of(second), offer_to(second)) == ("WAITING", None)
    with refused("slot_taken"):
        book(desk, check_up, at(10), guest=guest("Chai", "0811111111"))


def test_whoever_is_offered_a_slot_is_told_once(desk, check_up, taken, free_up):
    waiting = wait(desk, check_up, "Anong")

    free_up(taken)

    notice, offer = Notice.objects.get(kind="waiting_list_offer"), offer_to(waiting)
    assert (notice.subject, notice.for_time, notice.good_until) == (
        str(offer.pk),
        offer.start,
        offer.expires_at,
    )
    assert notice.patient_id == entry_of(waiting).patient_id
    assert sending_jobs().filter(subject=notice.pk).count() == 1
    told = Event.objects.get(type="waiting_list.offered")
    assert told.subject_id == str(waiting)
    assert "Anong" not in str([told.data, told.changes, told.actor_label, notice.data])


@pytest.mark.parametrize(
    ("asked", "is_offered"),
    [
        ({}, True),
        ({"date_from": 1, "date_until": 1}, True),
        ({"date_from": 2}, False),
        ({"date_until": 0}, False),
        ({"part_of_day": "morning"}, True),
        ({"part_of_day": "afternoon"}, False),
    ],
)
def test_what_is_offered_lies_in_the_window(desk, check_up, taken, free_up, asked, is_offered):
    window = {key: coming_day(value) if isinstance(value, int) else value for key, value in asked.items()}
    waiting = wait(desk, check_up, **{"name": "Anong", **window})

    free_up(taken)

    assert (offer_to(waiting) is not None) == is_offered


def test_whoever_waits_for_one_practitioner_is_not_offered_another(
    desk, check_up, dr_bob, dr_eve, taken, free_up
):
    for_eve = wait(desk, check_up, "Anong", practitioner_id=str(dr_eve.pk))
    for_bob = wait(desk, check_up, "Boon", practitioner_id=str(dr_bob.pk))
    for_anybody = wait(desk, check_up, "Chai")

    free_up(taken)

    assert [status_of(one) for one in (for_eve, for_bob, for_anybody)] == ["WAITING", "OFFERED", "WAITING"]


def test_whoever_is_elsewhere_at_that_time_is_passed_over(desk, check_up, dr_eve, taken, free_up):
    elsewhere = wait(desk, check_up, "Anong")
    patient = entry_of(elsewhere)
    book(desk, check_up, at(10), practitioner_id=str(dr_eve.pk), guest=guest("Anong", patient.guest_phone))
    after = wait(desk, check_up, "Boon")

    free_up(taken)

    assert (status_of(elsewhere), status_of(after)) == ("WAITING", "OFFERED")


def test_the_next_in_line_gets_what_nobody_answered(desk, check_up, taken, free_up):
    first, second = wait(desk, check_up, "Anong"), wait(desk, check_up, "Boon")
    free_up(taken)

    let_offer_run_out(first)
    let_jobs_run()

    assert (status_of(first), entry_of(first).offers_missed, offer_to(first)) == ("WAITING", 1, None)
    assert (status_of(second), offered_start(second)) == ("OFFERED", taken.start)
    # Nobody is left in line, and the first is not asked about this slot again.
    let_offer_run_out(second)
    let_jobs_run()
    assert (status_of(first), status_of(second)) == ("WAITING", "WAITING")
    assert not Appointment.objects.filter(status="HELD").exists()
    assert book(desk, check_up, at(10), guest=guest("Chai", "0811111111")).start == taken.start


def test_an_offer_ends_also_when_its_hold_was_swept_before(desk, check_up, taken, free_up):
    first, second = wait(desk, check_up, "Anong"), wait(desk, check_up, "Boon")
    free_up(taken)
    hold_id = offer_to(first).hold_id
    let_offer_run_out(first)
    ends = Job.objects.filter(kind="waiting_list.end_offer")
    ends.update(due_at=clock.now() + timedelta(hours=1))

    let_jobs_run()
    assert not Appointment.objects.filter(pk=hold_id).exists()
    assert (status_of(first), status_of(second)) == ("OFFERED", "OFFERED")
    assert offered_start(second) == taken.start

    Job.objects.filter(subject=str(offer_to(first).pk)).update(due_at=clock.now())
    let_jobs_run()
    assert (status_of(first), status_of(second)) == ("WAITING", "OFFERED")


def test_whoever_misses_three_offers_is_taken_off_the_list(desk, check_up, free_up):
    waiting = wait(desk, check_up, "Anong")
    for hour in (9, 10, 11):
        assert status_of(waiting) == "WAITING"
        free_up(book(desk, check_up, at(hour)))
        let_offer_run_out(waiting)
        let_jobs_run()

    assert (status_of(waiting), entry_of(waiting).offers_missed) == ("EXPIRED", 3)
    free_up(book(desk, check_up, at(14)))
    assert offer_to(waiting) is None


def test_whoever_declines_keeps_their_place_and_is_not_offered_the_same_again(desk, check_up, taken, free_up):
    first, second = wait(desk, check_up, "Anong"), wait(desk, check_up, "Boon")
    free_up(taken)

    decline_offer(desk, entry_id=first)
    let_jobs_run()
    assert (status_of(first), entry_of(first).offers_missed) == ("WAITING", 0)
    assert offered_start(second) == taken.start

    decline_offer(desk, entry_id=second)
    let_jobs_run()
    assert (offer_to(first), offer_to(second)) == (None, None)
    another = book(desk, check_up, at(11))
    free_up(another)
    assert (offered_start(first), offer_to(second)) == (another.start, None)


def test_the_slot_of_whoever_leaves_goes_to_the_next(desk, check_up, taken, free_up):
    first, second = wait(desk, check_up, "Anong"), wait(desk, check_up, "Boon")
    free_up(taken)

    leave_waiting_list(desk, entry_id=first)
    let_jobs_run()

    assert (status_of(first), offered_start(second)) == ("LEFT", taken.start)


def test_whoever_has_an_offer_to_answer_hears_of_a_second_slot_after_it(desk, check_up, taken, free_up):
    only = wait(desk, check_up, "Anong")
    other = book(desk, check_up, at(11), guest=guest("Guest", "0811111111"))
    free_up(taken)
    free_up(other)
    assert offered_start(only) == taken.start
    again = Job.objects.get(kind="waiting_list.offer")
    assert offer_to(only).expires_at <= again.due_at <= offer_to(only).expires_at + timedelta(minutes=1)

    let_offer_run_out(only)
    Job.objects.filter(pk=again.pk).update(due_at=clock.now())
    let_jobs_run()

    assert offered_start(only) == other.start


def test_a_channel_that_is_poisoned_takes_no_offer_away(desk, check_up, taken, free_up, monkeypatch):
    def choke(*_):
        raise ValueError("Anong has a secret")

    monkeypatch.setattr(log.LogChannel, "why_not", choke)
    first = wait(desk, check_up, "Anong")
    free_up(taken)

    send_all()

    assert (status_of(first), offered_start(first)) == ("OFFERED", taken.start)
    job = sending_jobs().get(subject=Notice.objects.get(kind="waiting_list_offer").pk)
    assert (job.attempts, "Anong" in job.last_error) == (1, False)
    assert accept_offer(desk, entry_id=first).start == taken.start


def test_a_notice_of_an_offer_that_was_answered_is_not_sent(desk, check_up, taken, free_up):
    first = wait(desk, check_up, "Anong")
    free_up(taken)
    decline_offer(desk, entry_id=first)

    send_all()

    notice = Notice.objects.get(kind="waiting_list_offer")
    assert (notice.status, notice.why) == ("SKIPPED", "answered")


def test_a_booking_of_the_offered_slot_needs_its_hold(desk, check_up, taken, free_up):
    first = wait(desk, check_up, "Anong")
    free_up(taken)

    with refused("slot_taken"):
        book_appointment(desk, service_id=check_up.pk, start=at(10), guest=guest("Anong", "0812222222"))
    assert offered_start(first) == taken.start
