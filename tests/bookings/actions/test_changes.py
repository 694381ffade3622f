"""Notices of change: whoever did not change their appointment themselves is told."""

from dataclasses import replace

import pytest

from accounts.permissions import Role
from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.changes import hear_of_change
from bookings.actions.patients import Guest
from bookings.models import Appointment, Notice, Patient
from bookings.rules.statuses import Status
from core import clock
from core.actor import Door
from events.models import Event
from tests.support.booking import book, set_status
from tests.support.catalogue import at, guest
from tests.support.notices import fates, instant, relay, send_all
from tests.support.statements import counted

MALEE = guest(email="malee@example.com")


@pytest.fixture
def booked(desk, check_up):
    """Ten o'clock tomorrow, for somebody with an address who reads English."""
    row = book(desk, check_up, at(10), guest=MALEE)
    Patient.objects.update(language="en")
    return row


@pytest.fixture
def own(alice, people, check_up):
    return book(alice, check_up, at(10), guest=replace(Guest.known(people.alice), email="alice@example.com"))


def test_a_patient_whose_appointment_the_desk_moves_is_told_the_new_time(desk, booked, mailoutbox):
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    relay()
    send_all()

    assert fates("booking_moved") == [(instant(11, days=1), "SENT", "")]
    [mail] = mailoutbox
    assert mail.to == ["malee@example.com"]
    assert "11:00" in mail.body
    assert booked.reference in mail.body


def test_a_patient_whose_appointment_the_desk_cancels_is_told(desk, booked, mailoutbox):
    cancel_appointment(desk, reference=booked.reference, reason="The doctor is ill")
    relay()
    send_all()

    assert fates("booking_cancelled") == [(booked.start, "SENT", "")]
    [mail] = mailoutbox
    assert "10:00" in mail.body
    assert "ill" not in mail.body


@pytest.mark.parametrize("door", [Door.API, Door.MCP, Door.WEB, Door.SYSTEM])
def test_whoever_else_changes_it_by_whatever_door_the_patient_is_told(desk, booked, door):
    machine = replace(desk, door=door, role="", user_id=None)
    reschedule_appointment(machine, reference=booked.reference, start=at(11))
    relay()

    assert fates("booking_moved") == [(instant(11, days=1), "PENDING", "")]


def test_who_changes_their_own_appointment_is_not_told_of_it(alice, own):
    reschedule_appointment(alice, reference=own.reference, start=at(11))
    relay()
    cancel_appointment(replace(alice, door=Door.TELEGRAM, role=""), reference=own.reference)
    relay()

    assert alice.role == Role.PATIENT
    assert fates("booking_moved") == fates("booking_cancelled") == []


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.CHECKED_IN, Status.NO_SHOW])
def test_other_steps_in_the_life_of_an_appointment_are_not_told(desk, booked, status):
    change_status(desk, reference=booked.reference, status=status)
    relay()

    assert not Notice.objects.exists()


def test_no_mail_names_the_service_or_the_practitioner(desk, check_up, dr_bob, mailoutbox):
    for hour, change in ((9, reschedule_appointment), (10, cancel_appointment)):
        row = book(
            desk, check_up, at(hour), guest=guest(f"Guest {hour}", f"08{hour:02}111111", "g@example.com")
        )
        change(desk, reference=row.reference, **({"start": at(14)} if hour == 9 else {}))
    relay()
    send_all()

    assert len(mailoutbox) == 2
    for mail in mailoutbox:
        said = mail.subject + mail.body + mail.alternatives[0].content
        assert not any(name in said for name in (dr_bob.name_en, dr_bob.name_th, check_up.name_en))


def test_of_two_moves_before_the_first_was_told_only_the_last_is(desk, booked, mailoutbox):
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    relay()
    reschedule_appointment(desk, reference=booked.reference, start=at(14))
    relay()
    send_all()

    assert fates("booking_moved") == [
        (instant(11, days=1), "SKIPPED", "moved"), (instant(14, days=1), "SENT", ""),
    ]  # fmt: skip
    assert len(mailoutbox) == 1


def test_two_moves_that_are_heard_of_at_once_make_one_notice(desk, booked):
    for hour in (11, 14):
        reschedule_appointment(desk, reference=booked.reference, start=at(hour))
    relay()

    assert fates("booking_moved") == [(instant(14, days=1), "PENDING", "")]


def test_a_move_that_was_not_told_before_the_appointment_is_cancelled_is_not_told(desk, booked, mailoutbox):
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    relay()
    cancel_appointment(desk, reference=booked.reference)
    relay()
    send_all()

    assert fates("booking_moved") == [(instant(11, days=1), "SKIPPED", "cancelled")]
    assert fates("booking_cancelled") == [(instant(11, days=1), "SENT", "")]
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("status", "why"), [("CANCELLED", "cancelled"), ("CHECKED_IN", "not_expected"), ("SCHEDULED", "moved")]
)
def test_a_move_is_read_again_just_before_it_is_told(desk, booked, mailoutbox, status, why):
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    relay()
    set_status(booked, status)
    if why == "moved":
        reschedule_appointment(desk, reference=booked.reference, start=at(14))
    send_all()

    assert fates("booking_moved") == [(instant(11, days=1), "SKIPPED", why)]
    assert mailoutbox == []


def test_what_is_over_is_not_told(desk, booked):
    Appointment.objects.filter(pk=booked.pk).update(
        start=clock.now().replace(microsecond=0) - (booked.end - booked.start),
        end=clock.now().replace(microsecond=0),
        occupied=(clock.now().replace(microsecond=0) - (booked.end - booked.start), clock.now()),
    )
    cancel_appointment(desk, reference=booked.reference)
    relay()

    assert fates("booking_cancelled") == []


def test_another_practitioner_at_the_same_time_is_told_without_a_name(desk, booked, dr_eve, mailoutbox):
    reschedule_appointment(desk, reference=booked.reference, start=at(10), practitioner_id=str(dr_eve.pk))
    relay()
    send_all()

    [mail] = mailoutbox
    assert "somebody else will see you" in mail.body
    assert "Eve" not in mail.body + mail.subject


def test_hearing_of_a_change_twice_tells_it_once(desk, booked, mailoutbox):
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    for _ in range(2):
        Event.objects.update(relayed_at=None)
        hear_of_change(Event.objects.get(type="booking.rescheduled"))
        send_all()

    assert len(mailoutbox) == 1


def test_one_change_costs_a_handful_of_statements_however_many_there_are(desk, check_up):
    rows = [
        book(desk, check_up, at(hour), guest=guest(f"Guest {hour}", f"08{hour:02}111111"))
        for hour in (9, 10, 11)
    ]
    for row in rows:
        cancel_appointment(desk, reference=row.reference)
    costs = []
    for event in Event.objects.filter(type="booking.cancelled").order_by("id"):
        with counted() as statements:
            hear_of_change(event)
        costs.append(len(statements))

    assert len(set(costs)) == 1
    assert costs[0] <= 7
