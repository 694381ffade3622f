"""Taking the last step of a visit back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.permissions import Role
from bookings.actions import seats
from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.undoing import UNDO_FOR, may_be_undone, undo_step
from bookings.events import BookingEvent
from bookings.models import Appointment, Notice, Patient, Practitioner
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor, Door
from core.errors import NotAllowed
from tests.support.booking import book, events_of, refused, set_status, types_of
from tests.support.catalogue import at, guest, make_practitioner, make_service
from tests.support.notices import fates, relay, send_all
from tests.support.threads import reasons, together, winners
from tests.support.waiting_list import let_jobs_run, offered_start, wait

MALEE = guest(email="malee@example.com")
STEPS = [
    ("SCHEDULED", "CONFIRMED"), ("SCHEDULED", "CHECKED_IN"), ("CONFIRMED", "CHECKED_IN"),
    ("CHECKED_IN", "IN_PROGRESS"), ("IN_PROGRESS", "COMPLETED"), ("SCHEDULED", "NO_SHOW"),
    ("CHECKED_IN", "NO_SHOW"), ("NO_SHOW", "CHECKED_IN"), ("CONFIRMED", "CANCELLED"),
    ("IN_PROGRESS", "CANCELLED"),
]  # fmt: skip


@pytest.fixture
def booked(desk, check_up):
    row = book(desk, check_up, at(10), guest=MALEE)
    Patient.objects.update(language="en")
    return row


def step(actor, row, status):
    return change_status(actor, reference=row.reference, status=Status(status))


def undo(actor, row, **seen):
    return undo_step(actor, reference=row.reference, **seen)


def now(row):
    return Appointment.objects.get(pk=row.pk)


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_each_step_can_be_taken_back_to_where_it_came_from(desk, booked, before, after):
    set_status(booked, before)
    stepped = step(desk, booked, after)
    assert may_be_undone(stepped)

    assert undo(desk, booked).status == before
    assert now(booked).status == before
    told = events_of(booked)[-1]
    assert told.type == BookingEvent.STATUS_CHANGED
    assert told.changes == {"status": [after, before]}
    assert told.data["undone"] is True


def test_what_was_taken_back_cannot_be_taken_back_in_turn(desk, booked):
    step(desk, booked, "CHECKED_IN")
    undo(desk, booked)

    assert not may_be_undone(now(booked))
    with refused("nothing_to_undo"):
        undo(desk, booked)


def test_of_two_steps_the_last_can_be_taken_back_and_not_the_one_before(desk, booked):
    step(desk, booked, "CHECKED_IN")
    step(desk, booked, "IN_PROGRESS")
    assert undo(desk, booked).status == "CHECKED_IN"

    with refused("nothing_to_undo"):
        undo(desk, booked)


def test_a_booking_without_a_step_has_nothing_to_take_back(desk, booked):
    assert not may_be_undone(booked)
    with refused("nothing_to_undo"):
        undo(desk, booked)


def test_after_half_an_hour_a_step_stands(desk, booked):
    step(desk, booked, "NO_SHOW")
    long_ago = clock.now() - UNDO_FOR - timedelta(seconds=1)
    Appointment.objects.filter(pk=booked.pk).update(status_changed_at=long_ago)

    assert not may_be_undone(now(booked))
    with refused("nothing_to_undo"):
        undo(desk, booked)
    assert now(booked).status == "NO_SHOW"


def test_a_move_leaves_no_step_to_take_back(desk, booked):
    step(desk, booked, "CONFIRMED")
    reschedule_appointment(desk, reference=booked.reference, start=at(11))

    with refused("nothing_to_undo"):
        undo(desk, booked)
    assert now(booked).status == "SCHEDULED"


def test_a_step_that_somebody_else_took_meanwhile_is_not_touched(desk, booked):
    step(desk, booked, "CHECKED_IN")
    step(desk, booked, "IN_PROGRESS")

    with refused("nothing_to_undo"):
        undo(desk, booked, seen="CHECKED_IN")
    assert now(booked).status == "IN_PROGRESS"


def test_an_unknown_appointment_is_not_found(desk):
    with refused("booking_not_found"):
        undo_step(desk, reference="AAAA-AAAA")


# ── who may ──────────────────────────────────────────────────────────────────
def test_a_doctor_takes_back_steps_of_their_own_visits(desk, people, booked):
    doctor = people.actor(Role.DOCTOR)
    step(doctor, booked, "CHECKED_IN")

    assert undo(doctor, booked).status == "SCHEDULED"


def test_a_doctor_knows_nothing_of_another_doctors_visit(desk, people, booked, dr_eve):
    eve = replace(people.actor(Role.DOCTOR), practitioner_id=dr_eve.pk)
    step(desk, booked, "CHECKED_IN")

    with refused("booking_not_found"):
        undo(eve, booked)


def test_who_may_not_take_a_step_may_not_take_it_back(desk, people, booked):
    step(desk, booked, "CONFIRMED")

    with pytest.raises(NotAllowed):
        undo(people.actor(Role.DOCTOR), booked)


# ── the slot ─────────────────────────────────────────────────────────────────
def test_a_cancellation_taken_back_has_its_slot_and_no_reason_any_more(desk, check_up, booked):
    cancel_appointment(desk, reference=booked.reference, reason="The doctor is ill")
    undo(desk, booked)

    assert now(booked).cancel_reason == ""
    with refused("slot_taken"):
        book(desk, check_up, at(10), guest=guest("Next", "0811111111"))


@pytest.mark.parametrize("gave_up", ["CANCELLED", "NO_SHOW"])
def test_a_slot_that_somebody_has_by_now_stays_theirs(desk, check_up, booked, gave_up):
    step(desk, booked, gave_up)
    book(desk, check_up, at(10), guest=guest("Next", "0811111111"))

    with refused("slot_taken"):
        undo(desk, booked)
    assert now(booked).status == gave_up
    assert may_be_undone(now(booked))


def test_a_patient_who_booked_elsewhere_meanwhile_is_not_put_in_two_places(desk, check_up, booked, dr_eve):
    cancel_appointment(desk, reference=booked.reference)
    book(desk, check_up, at(10), guest=MALEE, practitioner_id=str(dr_eve.pk))

    with refused("patient_busy"):
        undo(desk, booked)


def test_a_slot_that_was_offered_to_who_waits_is_kept_for_them(desk, check_up, booked):
    entry = wait(desk, check_up, "Somchai")
    cancel_appointment(desk, reference=booked.reference)
    let_jobs_run()
    assert offered_start(entry) == booked.start

    with refused("slot_taken"):
        undo(desk, booked)
    assert offered_start(entry) == booked.start


def test_a_group_takes_back_the_seat_that_is_free(desk, dr_bob):
    group = make_service(dr_bob, slug="group", capacity=2)
    first, second = (book(desk, group, at(10), guest=guest(f"Guest {n}", f"081000000{n}")) for n in (1, 2))
    cancel_appointment(desk, reference=first.reference)
    book(desk, group, at(10), guest=guest("Third", "0810000003"))
    cancel_appointment(desk, reference=second.reference)

    assert undo(desk, first).status == "SCHEDULED"
    with refused("slot_taken"):
        undo(desk, second)


def test_a_day_that_is_full_by_now_takes_no_cancelled_one_back(desk, check_up, dr_bob, booked):
    Practitioner.objects.filter(pk=dr_bob.pk).update(daily_limit=1)
    cancel_appointment(desk, reference=booked.reference)
    book(desk, check_up, at(15), guest=guest("Next", "0811111111"))

    with refused("day_full"):
        undo(desk, booked)


def test_who_was_overbooked_stands_beside_the_seats_again(people, desk, check_up, dr_bob, booked):
    admin = people.actor(Role.ADMIN)
    extra = book(
        admin, check_up, at(10), guest=guest("Nok", "0811111111"), practitioner_id=str(dr_bob.pk),
        overbook_reason="urgent",
    )  # fmt: skip
    cancel_appointment(desk, reference=extra.reference)

    assert undo(desk, extra).overbooked
    assert now(booked).status == "SCHEDULED"


# ── what patients hear ───────────────────────────────────────────────────────
def test_a_notice_of_cancelling_that_has_not_gone_out_is_dropped(desk, booked, mailoutbox):
    cancel_appointment(desk, reference=booked.reference)
    relay()
    undo(desk, booked)
    relay()
    send_all()

    assert fates("booking_cancelled") == [(booked.start, "SKIPPED", "taken_back")]
    assert fates("booking_restored") == []
    assert mailoutbox == []


def test_a_notice_of_cancelling_is_read_again_just_before_it_is_sent(desk, booked, mailoutbox):
    cancel_appointment(desk, reference=booked.reference)
    relay()
    undo(desk, booked)
    send_all()

    assert fates("booking_cancelled") == [(booked.start, "SKIPPED", "taken_back")]
    assert mailoutbox == []


def test_who_was_told_of_the_cancelling_is_told_that_it_was_taken_back(desk, booked, mailoutbox):
    cancel_appointment(desk, reference=booked.reference)
    relay()
    send_all()
    undo(desk, booked)
    relay()
    send_all()

    assert fates("booking_restored") == [(booked.start, "SENT", "")]
    _cancelled, restored = mailoutbox
    assert "after all" in restored.subject
    assert booked.reference in restored.body
    assert "10:00" in restored.body


def test_whose_notice_may_have_arrived_is_told(desk, booked):
    cancel_appointment(desk, reference=booked.reference)
    relay()
    Notice.objects.update(channel="telegram", handing_since=clock.now())
    undo(desk, booked)
    relay()

    assert fates("booking_cancelled") == [(booked.start, "PENDING", "")]
    assert fates("booking_restored") == [(booked.start, "PENDING", "")]


def test_who_cancelled_themselves_is_told_that_it_was_taken_back(desk, booked, people):
    cancel_appointment(replace(desk, door=Door.TELEGRAM, role=""), reference=booked.reference)
    relay()
    undo(desk, booked)
    relay()

    assert fates("booking_cancelled") == []
    assert fates("booking_restored") == [(booked.start, "PENDING", "")]


def test_both_heard_of_at_once_tell_nothing(desk, booked):
    cancel_appointment(desk, reference=booked.reference)
    undo(desk, booked)
    relay()

    assert fates("booking_cancelled") == fates("booking_restored") == []


def test_cancelled_for_good_after_all_is_told_once(desk, booked, mailoutbox):
    cancel_appointment(desk, reference=booked.reference)
    relay()
    undo(desk, booked)
    cancel_appointment(desk, reference=booked.reference)
    relay()
    send_all()

    assert sorted(status for _start, status, _why in fates("booking_cancelled")) == ["SENT", "SKIPPED"]
    assert fates("booking_restored") == []
    assert len(mailoutbox) == 1


def test_a_step_besides_cancelling_taken_back_is_nobodys_business(desk, booked):
    step(desk, booked, "CHECKED_IN")
    undo(desk, booked)
    relay()

    assert not Notice.objects.exists()


def test_a_move_that_the_cancelling_kept_from_being_told_is_told(desk, booked, mailoutbox):
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    relay()
    cancel_appointment(desk, reference=booked.reference)
    relay()
    undo(desk, booked)
    relay()
    send_all()

    assert [status for _start, status, _why in fates("booking_moved")] == ["SENT"]
    [mail] = mailoutbox
    assert "11:00" in mail.body


# ── at once ──────────────────────────────────────────────────────────────────
RACERS = Actor.system(
    "races", *(f"appointments.{verb}" for verb in ("read", "book", "cancel", "attend", "confirm"))
)


@pytest.fixture
def visit(fresh_hospital, monkeypatch):
    monkeypatch.setattr(seats, "LOCK_TIMEOUT", 30_000)
    return make_service(make_practitioner("Dr One"), slug="visit")


def test_of_two_clerks_who_take_a_step_back_at_once_one_does(fresh_hospital, visit):
    row = book(RACERS, visit, at(10))
    step(RACERS, row, "CHECKED_IN")
    outcomes = together(fresh_hospital, [lambda: undo(RACERS, row)] * 6)

    assert reasons(outcomes) == ["nothing_to_undo"] * 5
    assert now(row).status == "SCHEDULED"
    assert types_of(row).count(BookingEvent.STATUS_CHANGED) == 2


def test_a_slot_taken_back_and_booked_at_once_is_one_persons(fresh_hospital, visit):
    row = book(RACERS, visit, at(10))
    cancel_appointment(RACERS, reference=row.reference)
    other = guest("Next", "0811111111")
    outcomes = together(
        fresh_hospital, [lambda: undo(RACERS, row), lambda: book(RACERS, visit, at(10), guest=other)]
    )

    assert len(winners(outcomes)) == 1
    assert reasons(outcomes) == ["slot_taken"]
    assert Appointment.objects.filter(start=row.start).exclude(status="CANCELLED").count() == 1
