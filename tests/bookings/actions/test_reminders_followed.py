"""What becomes of reminders when appointments are booked, moved and cancelled after the plan."""

from dataclasses import replace

import pytest
from django.db import connection

from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.patients import Guest
from bookings.actions.reminders import plan_reminders
from bookings.models import Notice, ReminderPlan
from bookings.rules.statuses import Status
from events.models import Event
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.notices import fates, instant, relay, send_all

MALEE = guest(email="malee@example.com")


def reminded(mails):
    """Those of the mails that are reminders."""
    ids = [str(pk) for pk in Notice.objects.filter(kind="reminder").values_list("pk", flat=True)]
    return [mail for mail in mails if mail.extra_headers["Message-ID"][1:37] in ids]


@pytest.fixture
def booked(desk, check_up):
    """Ten o'clock tomorrow, for somebody with an address."""
    return book(desk, check_up, at(10), guest=MALEE)


@pytest.fixture
def own(alice, people, check_up):
    """The same, for a patient who changes it herself."""
    return book(alice, check_up, at(10), guest=replace(Guest.known(people.alice), email="alice@example.com"))


def test_whoever_books_for_tomorrow_after_the_hour_is_not_reminded_and_the_log_says_why(
    desk, check_up, mailoutbox
):
    plan_reminders(instant(18))
    row = book(desk, check_up, at(10), guest=MALEE)
    relay()
    plan_reminders(instant(19))
    send_all()

    assert fates() == [(row.start, "SKIPPED", "booked_late")]
    assert mailoutbox == []


def test_whoever_books_further_ahead_is_reminded_at_its_time(desk, check_up):
    plan_reminders(instant(18))
    for days in (2, 20):
        book(desk, check_up, at(10, days=days))
    relay()

    assert fates() == []
    plan_reminders(instant(18, days=1))
    assert [why for _, _, why in fates()] == [""]


def test_an_appointment_that_moves_before_it_was_reminded_of_is_reminded_of_once(desk, booked, mailoutbox):
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    relay()
    plan_reminders(instant(18))
    send_all()

    assert fates() == [(instant(11, days=1), "SENT", "")]
    assert len(reminded(mailoutbox)) == 1


def test_an_appointment_that_moves_to_another_day_after_its_reminder_gets_one_for_that_day(
    desk, booked, mailoutbox
):
    plan_reminders(instant(18))
    send_all()
    reschedule_appointment(desk, reference=booked.reference, start=at(11, days=4))
    relay()
    plan_reminders(instant(18, days=3))
    send_all()

    assert fates() == [(instant(10, days=1), "SENT", ""), (instant(11, days=4), "SENT", "")]
    assert len(reminded(mailoutbox)) == 2


def test_whoever_was_reminded_and_then_moves_within_the_day_is_told_the_new_time_at_once(
    alice, own, mailoutbox
):
    plan_reminders(instant(18))
    send_all()
    reschedule_appointment(alice, reference=own.reference, start=at(11))
    relay()
    send_all()
    plan_reminders(instant(19))
    send_all()

    assert fates() == [(instant(10, days=1), "SENT", ""), (instant(11, days=1), "SENT", "")]
    assert ["11:00" in mail.body for mail in mailoutbox] == [False, True]


def test_whom_a_notice_tells_of_the_move_is_not_reminded_in_the_same_moment(desk, booked, mailoutbox):
    plan_reminders(instant(18))
    send_all()
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    relay()
    send_all()
    plan_reminders(instant(19))
    send_all()

    assert fates() == [(instant(10, days=1), "SENT", ""), (instant(11, days=1), "SKIPPED", "told_of_move")]
    assert ["11:00" in mail.body for mail in mailoutbox] == [False, True]


def test_a_notice_that_waits_is_dropped_when_its_appointment_moves(desk, booked, mailoutbox):
    plan_reminders(instant(18))
    reschedule_appointment(desk, reference=booked.reference, start=at(11, days=4))
    relay()
    assert fates() == [(instant(10, days=1), "SKIPPED", "moved")]

    send_all()
    assert reminded(mailoutbox) == []


def test_an_appointment_that_moves_away_and_back_is_reminded_of_once(alice, own, mailoutbox):
    plan_reminders(instant(18))
    for hour in (11, 10):
        reschedule_appointment(alice, reference=own.reference, start=at(hour))
        relay()
    send_all()

    assert fates() == [(instant(10, days=1), "SENT", ""), (instant(11, days=1), "SKIPPED", "moved")]
    assert len(reminded(mailoutbox)) == 1


def test_a_time_that_was_left_before_the_plan_and_come_back_to_is_planned_again(desk, check_up, mailoutbox):
    row = book(desk, check_up, at(10, days=2), guest=MALEE)
    plan_reminders(instant(18, days=1))
    reschedule_appointment(desk, reference=row.reference, start=at(10, days=9))
    relay()
    ReminderPlan.objects.update(planned_until=instant(0, days=1))
    reschedule_appointment(desk, reference=row.reference, start=at(10, days=2))
    plan_reminders(instant(18, days=1))
    send_all()

    assert fates() == [(instant(10, days=2), "SENT", "")]


def test_whoever_moves_into_tomorrow_after_the_hour_has_just_chosen_it(desk, check_up):
    row = book(desk, check_up, at(10, days=9), guest=MALEE)
    plan_reminders(instant(18))
    reschedule_appointment(desk, reference=row.reference, start=at(10))
    relay()

    assert fates() == [(instant(10, days=1), "SKIPPED", "booked_late")]


def test_a_cancelled_appointment_is_not_reminded_of(desk, booked, mailoutbox):
    plan_reminders(instant(18))
    cancel_appointment(desk, reference=booked.reference)
    relay()
    assert fates() == [(booked.start, "SKIPPED", "cancelled")]

    send_all()
    assert reminded(mailoutbox) == []


@pytest.mark.parametrize(
    ("status", "why"), [(Status.CANCELLED, "cancelled"), (Status.CHECKED_IN, "not_expected")]
)
def test_what_became_of_the_appointment_is_read_again_just_before_sending(
    desk, booked, mailoutbox, status, why
):
    plan_reminders(instant(18))
    change_status(desk, reference=booked.reference, status=status)
    send_all()

    assert fates() == [(booked.start, "SKIPPED", why)]
    assert mailoutbox == []


def test_a_new_time_that_nobody_has_told_of_yet_keeps_the_old_one_from_being_sent(desk, booked, mailoutbox):
    plan_reminders(instant(18))
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    send_all()

    assert fates() == [(instant(10, days=1), "SKIPPED", "moved")]
    assert mailoutbox == []


def test_hearing_of_an_event_twice_changes_nothing(desk, booked):
    plan_reminders(instant(18))
    reschedule_appointment(desk, reference=booked.reference, start=at(11))
    relay()
    before = fates()
    Event.objects.update(relayed_at=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.jobs_job (kind, schema_name, subject)"
            " SELECT 'event', current_schema(), id FROM events_event ON CONFLICT DO NOTHING"
        )
    relay()

    assert fates() == before
