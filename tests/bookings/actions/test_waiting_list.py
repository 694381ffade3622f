"""Joining the line, leaving it, and answering what it offers."""

import pytest

from bookings.actions.appointments import cancel_appointment
from bookings.actions.patients import Guest
from bookings.actions.waiting_list import accept_offer, decline_offer, join_waiting_list, leave_waiting_list
from bookings.models import Appointment, Patient, WaitingListEntry
from core import clock
from core.errors import InvalidInput, NotFound
from events.outbox import history_of
from jobs.models import Job
from tests.support.booking import book, refused, set_status, types_of
from tests.support.catalogue import at, coming_day, guest, make_practitioner
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
def later(desk, check_up):
    """Anong's visit in five days."""
    return book(desk, check_up, at(14, days=5), guest=guest("Anong", "0823456789"), notes="By wheelchair")


@pytest.fixture
def offered(desk, check_up, taken):
    """Boon, who is offered the slot at ten."""
    waiting = wait(desk, check_up, "Boon")
    cancel_appointment(desk, reference=taken.reference)
    let_jobs_run()
    assert offered_start(waiting) == taken.start
    return waiting


# ── joining ───────────────────────────────────────────────────────────────────
def test_whoever_joins_becomes_a_patient_and_waits_as_long_as_can_be_booked(desk, check_up):
    entry = join_waiting_list(desk, service_id=check_up.pk, guest=guest("Anong", "0823456789"))

    patient = Patient.objects.get(name="Anong")
    assert (entry.patient_id, entry.status, entry.source) == (patient.pk, "WAITING", "admin")
    assert (entry.date_from, entry.date_until) == (coming_day(0), coming_day(check_up.horizon_days))
    (event,) = history_of("waiting_list_entry", entry.pk)
    assert event.type == "waiting_list.joined"


def test_a_booking_that_is_to_come_sooner_says_for_whom_and_until_when(desk, later):
    entry = join_waiting_list(desk, reference=later.reference)

    assert (entry.brings_forward, entry.service_id, entry.patient_id) == (
        later,
        later.service_id,
        later.patient_id,
    )
    assert (entry.guest_name, entry.guest_phone) == ("Anong", "+66823456789")
    assert entry.date_until == coming_day(5)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"date_from": 3, "date_until": 2}, "date_to"),
        ({"date_until": -1}, "date_to"),
        ({"date_until": 400}, "date_to"),
        ({"guest": Guest(name="Nobody knows")}, "guest_phone"),
        ({"guest": None}, "guest_name"),
        ({"service_id": None}, "event_type_id"),
    ],
)
def test_what_cannot_be_waited_for_is_refused(desk, check_up, asked, field):
    window = {key: coming_day(value) if key.startswith("date") else value for key, value in asked.items()}

    with pytest.raises(InvalidInput) as caught:
        wait(desk, check_up, **window)
    assert list(caught.value.data["fields"]) == [field]
    assert not WaitingListEntry.objects.exists()


def test_who_has_an_address_alone_can_wait(desk, check_up):
    waiting = wait(desk, check_up, guest=Guest(name="Anong", email="anong@example.org"))

    assert entry_of(waiting).patient_id is None
    with refused("already_waiting"):
        wait(desk, check_up, guest=Guest(name="Anong", email="anong@example.org"))


def test_nobody_waits_twice_for_the_same(desk, check_up, later):
    wait(desk, check_up, "Anong")
    with refused("already_waiting"):
        wait(desk, check_up, "Anong", date_until=coming_day(3))

    join_waiting_list(desk, reference=later.reference)
    with refused("already_waiting"):
        join_waiting_list(desk, reference=later.reference)
    assert WaitingListEntry.objects.count() == 2


def test_whoever_left_may_come_again_and_stands_at_the_end(desk, check_up, taken):
    first = wait(desk, check_up, "Anong")
    second = wait(desk, check_up, "Boon")
    leave_waiting_list(desk, entry_id=first)
    again = wait(desk, check_up, "Anong")

    cancel_appointment(desk, reference=taken.reference)
    let_jobs_run()

    assert [status_of(one) for one in (first, second, again)] == ["LEFT", "OFFERED", "WAITING"]


def test_what_is_over_cannot_come_sooner(desk, later):
    set_status(later, "CANCELLED")

    with refused("illegal_status"):
        join_waiting_list(desk, reference=later.reference)


def test_an_unknown_practitioner_or_one_who_does_not_offer_it_cannot_be_waited_for(desk, check_up):
    stranger = make_practitioner("Dr Stranger")

    with refused("provider_not_found"):
        wait(desk, check_up, practitioner_id=str(stranger.pk))


# ── accepting ─────────────────────────────────────────────────────────────────
def test_accepting_books_the_held_slot(desk, offered, taken):
    hold_id = offer_to(offered).hold_id

    row = accept_offer(desk, entry_id=offered, notes="By wheelchair")

    assert (row.pk, row.status, row.start, row.notes) == (hold_id, "SCHEDULED", taken.start, "By wheelchair")
    entry = entry_of(offered)
    assert (entry.status, entry.became, row.patient_id) == ("ACCEPTED", row, entry.patient_id)
    assert types_of(row) == ["booking.held", "booking.created"]
    assert [one.type for one in history_of("waiting_list_entry", offered)] == [
        "waiting_list.joined",
        "waiting_list.offered",
        "waiting_list.accepted",
    ]


def test_whoever_accepts_again_gets_the_same_booking(desk, offered):
    first = accept_offer(desk, entry_id=offered)

    assert accept_offer(desk, entry_id=offered) == first
    assert Appointment.objects.filter(status="SCHEDULED").count() == 1


def test_an_offer_that_ran_out_cannot_be_accepted_or_declined(desk, offered):
    let_offer_run_out(offered)

    for answer in (accept_offer, decline_offer):
        with refused("offer_expired"):
            answer(desk, entry_id=offered)
    assert not Appointment.objects.filter(status="SCHEDULED").exists()
    let_jobs_run()
    with refused("nothing_offered") as caught:
        accept_offer(desk, entry_id=offered)
    assert caught.value.data == {"status": "WAITING"}


def test_an_offer_whose_hold_somebody_let_go_cannot_be_accepted(desk, offered):
    Appointment.objects.filter(pk=offer_to(offered).hold_id).delete()

    with refused("offer_expired"):
        accept_offer(desk, entry_id=offered)


def test_what_ended_cannot_be_answered(desk, check_up, offered):
    leave_waiting_list(desk, entry_id=offered)

    for answer in (accept_offer, decline_offer):
        with refused("nothing_offered"):
            answer(desk, entry_id=offered)
    with refused("waiting_list_entry_not_found"):
        leave_waiting_list(desk, entry_id=offered)


# ── the end of the window ─────────────────────────────────────────────────────
def test_an_entry_is_reviewed_when_its_window_is_over(desk, check_up):
    waiting = wait(desk, check_up, "Anong", date_until=coming_day(2))
    job = Job.objects.get(kind="waiting_list.review")
    assert clock.local_iso(int(job.due_at.timestamp()), "Asia/Bangkok").startswith(f"{coming_day(3)}T00:00")

    Job.objects.update(due_at=clock.now())
    let_jobs_run()
    assert status_of(waiting) == "WAITING"
    # Looked at too early, it is looked at again.
    assert Job.objects.get(kind="waiting_list.review").due_at == job.due_at

    WaitingListEntry.objects.update(date_from=coming_day(-2), date_until=coming_day(-1))
    Job.objects.update(due_at=clock.now())
    let_jobs_run()
    assert status_of(waiting) == "CLOSED"
    assert not Job.objects.filter(kind="waiting_list.review").exists()


def test_nobody_answers_for_an_entry_that_is_not_there(desk, taken):
    for answer in (accept_offer, decline_offer, leave_waiting_list):
        with pytest.raises(NotFound):
            answer(desk, entry_id=taken.pk)
