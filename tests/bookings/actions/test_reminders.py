from datetime import time, timedelta

import pytest

from bookings.actions.consent import give_consent, withdraw_consent
from bookings.actions.holds import hold_slot
from bookings.actions.reminders import plan_reminders, plan_when_due
from bookings.models import Appointment, ConsentKind, Notice, ReminderPlan
from bookings.rules.statuses import Status
from core import clock
from events.models import Event
from tests.support import newyork
from tests.support.booking import book, events_of, set_status
from tests.support.catalogue import at, guest
from tests.support.notices import fates, instant, send_all, sending_jobs
from tests.support.rows import insert_appointment, refused_by
from tests.support.statements import counted

MALEE = guest(email="malee@example.com")


@pytest.fixture
def booked(desk, check_up):
    """Ten o'clock tomorrow, for somebody with an address."""
    return book(desk, check_up, at(10), guest=MALEE)


def test_whoever_comes_tomorrow_is_reminded_at_the_hour_and_not_before(booked, mailoutbox):
    plan_reminders(instant(17, 59))
    send_all()
    assert (fates(), mailoutbox) == ([], [])

    plan_reminders(instant(18))
    send_all()

    assert fates() == [(booked.start, "SENT", "")]
    assert [mail.to for mail in mailoutbox] == [["malee@example.com"]]
    notice = Notice.objects.get()
    assert (notice.kind, notice.channel, notice.attempts) == ("reminder", "email", 1)
    assert notice.sent_at is not None


def test_a_plan_that_runs_again_reminds_nobody_twice(booked, mailoutbox):
    for minute in (0, 0, 1, 30):
        plan_reminders(instant(18, minute))
        send_all()
    plan_reminders(instant(18, days=1))
    send_all()

    assert len(mailoutbox) == Notice.objects.count() == 1


def test_the_database_keeps_a_second_notice_of_one_time_out(booked):
    plan_reminders(instant(18))
    twin = Notice.objects.get()
    twin.pk = None

    with refused_by("one_notice_for_each_time"):
        Notice.objects.bulk_create([twin])


def test_a_plan_returns_when_the_next_one_is_due(in_hospital):
    assert plan_reminders(instant(12)) == instant(18)
    assert plan_reminders(instant(18)) == instant(18, days=1)
    assert plan_when_due("") > clock.now()


def test_only_who_is_expected_is_reminded(desk, check_up):
    rows = {
        status: book(desk, check_up, at(hour), guest=guest(f"Guest {hour}", phone=""))
        for hour, status in zip((9, 10, 11, 13, 14, 15, 16), set(Status) - {Status.HELD}, strict=True)
    }
    for status, row in rows.items():
        set_status(row, status)
    hold_slot(desk, service_id=check_up.pk, start=at(16, 30))

    plan_reminders(instant(18))

    reminded = set(Notice.objects.values_list("appointment", flat=True))
    assert reminded == {rows[Status.SCHEDULED].pk, rows[Status.CONFIRMED].pk}


def test_the_day_after_tomorrow_is_reminded_of_a_day_later(desk, check_up):
    book(desk, check_up, at(9, days=2))

    plan_reminders(instant(18))
    assert fates() == []
    plan_reminders(instant(18, days=1))
    assert len(fates()) == 1


def test_each_hospital_has_its_own_hour(in_hospital, booked):
    in_hospital.reminder_time = time(7, 30)

    assert plan_reminders(instant(7)) == instant(7, 30)
    assert fates() == []
    plan_reminders(instant(7, 30))
    assert len(fates()) == 1


def test_one_statement_plans_all_appointments_of_a_day(desk, check_up, dr_bob):
    def cost():
        with counted() as statements:
            plan_reminders(instant(18))
        return len(statements)

    insert_appointment(check_up, dr_bob, start=instant(9, days=1))
    one = cost()
    ReminderPlan.objects.all().delete()
    for hour in (10, 11, 13):
        insert_appointment(check_up, dr_bob, start=instant(hour, days=1))

    assert cost() == one
    assert Notice.objects.count() == 4


# ── outages ────────────────────────────────────────────────────────────────────
def test_a_plan_that_is_late_makes_up_for_what_was_missed(booked, mailoutbox):
    plan_reminders(instant(18, days=-1))

    # The next one was due at 18:00 today; it runs on the day itself.
    assert plan_reminders(instant(7, days=1)) == instant(18, days=1)
    send_all()

    assert fates() == [(booked.start, "SENT", "")]
    assert len(mailoutbox) == 1


def test_what_is_too_late_is_not_sent_and_the_log_says_so(booked, mailoutbox):
    plan_reminders(instant(18, days=-1))

    plan_reminders(instant(9, days=1))
    send_all()

    assert fates() == [(booked.start, "SKIPPED", "too_late")]
    assert mailoutbox == []
    assert not sending_jobs().exists()


def test_each_hospital_says_how_late_is_too_late(in_hospital, desk, check_up):
    in_hospital.reminder_least_hours = 4
    book(desk, check_up, at(11), guest=MALEE)
    book(desk, check_up, at(13), guest=guest("Somsri"))
    plan_reminders(instant(18, days=-1))

    plan_reminders(instant(8, days=1))

    assert [why for _, _, why in fates()] == ["too_late", ""]


def test_an_outage_of_days_is_told_in_the_log_and_reminds_only_of_what_is_to_come(check_up, dr_bob):
    plan_reminders(instant(18, days=-4))
    for days in (-2, -1, 1):
        insert_appointment(check_up, dr_bob, start=instant(10, days=days))

    plan_reminders(instant(18))

    assert [status for _, status, _ in fates()] == ["SKIPPED", "SKIPPED", "PENDING"]


def test_a_hospital_that_never_planned_starts_with_what_is_to_come(check_up, dr_bob):
    insert_appointment(check_up, dr_bob, start=instant(10, days=-1))
    insert_appointment(check_up, dr_bob, start=instant(10, days=1))

    plan_reminders(instant(18))

    assert len(fates()) == 1


# ── the event ──────────────────────────────────────────────────────────────────
def test_a_reminder_that_was_sent_is_an_event_with_facts_and_without_an_address(booked):
    plan_reminders(instant(18))
    send_all()

    event = events_of(booked)[-1]
    assert (event.type, event.door, event.actor_label) == ("booking.reminder_sent", "system", "reminders")
    assert set(event.data) == {
        "reference", "event_type_id", "provider_id", "start", "status", "channel",
    }  # fmt: skip
    assert (event.data["reference"], event.data["channel"]) == (booked.reference, "email")


def test_a_reminder_that_nobody_got_is_no_event(desk, check_up):
    row = book(desk, check_up, at(10), guest=guest(email=""))
    plan_reminders(instant(18))
    send_all()

    assert fates() == [(row.start, "SKIPPED", "no_address")]
    assert Notice.objects.get().channel == "log"
    assert not Event.objects.filter(type="booking.reminder_sent").exists()


# ── clocks that change ─────────────────────────────────────────────────────────
@pytest.mark.parametrize("clocks_do", [newyork.is_skipped, newyork.is_repeated])
def test_on_the_days_when_new_yorks_clocks_change_each_appointment_has_one_reminder(
    in_hospital, check_up, dr_bob, clocks_do
):
    in_hospital.timezone = newyork.ZONE
    changing = newyork.next_day_when(clocks_do, time(1 if clocks_do is newyork.is_repeated else 2, 30))
    days_ahead = (changing - clock.today_in(newyork.ZONE)).days
    for days in (-1, 0, 1):
        for hour in (0, 4, 23):
            insert_appointment(check_up, dr_bob, start=instant(hour, days=days_ahead + days))

    when = instant(18, days=days_ahead - 2)
    for days in (-2, -1, 0):
        assert when == instant(18, days=days_ahead + days)
        when = plan_reminders(when)
        assert Notice.objects.count() == 3 * (days + 3)

    rows = Notice.objects.values_list("for_time", "appointment__start")
    assert all(told == start for told, start in rows)
    assert Appointment.objects.count() == 9
    assert when - instant(18, days=days_ahead) == timedelta(days=1)


def test_of_one_plan_those_who_come_first_are_reminded_first(desk, check_up):
    for hour in (14, 9, 16, 11):
        book(desk, check_up, at(hour), guest=guest(f"Guest {hour}", f"08{hour:02}111111"))
    plan_reminders(instant(18))

    queued = [Notice.objects.get(pk=job.subject).for_time for job in sending_jobs().order_by("due_at", "id")]
    assert queued == [instant(hour, days=1) for hour in (9, 11, 14, 16)]


@pytest.mark.parametrize(
    ("given", "withdrawn", "fate"),
    [(0, 0, ("SENT", "")), (1, 0, ("SENT", "")), (1, 1, ("SKIPPED", "no_consent")), (2, 1, ("SENT", ""))],
)
def test_whoever_withdrew_their_consent_to_reminders_gets_none(
    desk, check_up, mailoutbox, given, withdrawn, fate
):
    row = book(desk, check_up, at(10), guest=guest(email="malee@example.com"))
    about = {"patient_id": row.patient_id, "kind": ConsentKind.REMINDERS}
    for number in range(given):
        give_consent(desk, **about, version=str(number))
        if number < withdrawn:
            withdraw_consent(desk, **about)
    give_consent(desk, patient_id=row.patient_id, kind=ConsentKind.TREATMENT, version="1")
    plan_reminders(instant(18))
    send_all()

    assert fates() == [(row.start, *fate)]
    assert len(mailoutbox) == (fate[0] == "SENT")
