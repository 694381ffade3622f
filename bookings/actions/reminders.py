"""Reminders: who is told of their appointment the day before, and who is not, and why."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from bookings.actions.appointment_words import facts_of_visit, whom_to_tell
from bookings.actions.changes import tells_of
from bookings.actions.notices import NoticeKind, notify, queue_sending
from bookings.events import BookingEvent
from bookings.models import (
    Appointment,
    ConsentKind,
    Notice,
    NoticeStatus,
    PatientConsent,
    ReminderPlan,
)
from bookings.rules.reminders import reach
from bookings.rules.statuses import RESCHEDULABLE, Status
from core import clock
from core.actor import Actor
from events.models import Event
from events.outbox import record
from tenants.context import current_hospital

# The job that plans, one for each hospital, and the kind of its notices.
PLAN, REMINDER = "reminders.plan", "reminder"

# Whoever still has to come; HELD is nobody yet, and whoever is there needs no reminder.
EXPECTED = RESCHEDULABLE

# How far back a plan that is late says in the log what was missed.
LONGEST_LOOK_BACK = timedelta(days=7)

# No plan reaches further than to the end of the next day.
FURTHEST_PLANNED = timedelta(days=3)

# Codes of why a reminder was not sent (`Notice.why`).
CANCELLED, MOVED, NOT_EXPECTED, TOO_LATE, BOOKED_LATE, TOLD_OF_MOVE, NO_CONSENT = (
    "cancelled", "moved", "not_expected", "too_late", "booked_late", "told_of_move", "no_consent",
)  # fmt: skip

# One statement for all appointments of a day. A time that an appointment was moved away from, and back to,
# is told of after all.
_PLAN = f"""
INSERT INTO bookings_notice (
  id, created_at, updated_at, kind, subject, for_time, good_until, appointment_id, patient_id,
  data, channel, attempts, status, why
)
SELECT gen_random_uuid(), now(), now(), '{REMINDER}', id::text, start, good_until, id, patient_id,
  '{{}}', '', 0,
  CASE WHEN good_until <= %(now)s THEN 'SKIPPED' ELSE 'PENDING' END,
  CASE WHEN good_until <= %(now)s THEN '{TOO_LATE}' ELSE '' END
FROM (SELECT *, start - %(least)s AS good_until FROM bookings_appointment) AS appointment
WHERE status = ANY(%(expected)s) AND start >= %(since)s AND start < %(until)s
ON CONFLICT (kind, subject, for_time) DO UPDATE SET status = EXCLUDED.status, why = EXCLUDED.why
WHERE bookings_notice.status = 'SKIPPED' AND bookings_notice.why = '{MOVED}'
RETURNING id, status, for_time
"""  # noqa: S608  -- names of ours alone
_PLANNED = """
INSERT INTO bookings_reminderplan (id, planned_until) VALUES (1, %s)
ON CONFLICT (id) DO UPDATE
SET planned_until = GREATEST(bookings_reminderplan.planned_until, EXCLUDED.planned_until)
"""
_LOCK = "SELECT pg_advisory_xact_lock{}(hashtextextended(current_schema() || ':reminders', 0))"

_system = Actor.system("reminders")


def plan_when_due(subject: str) -> datetime:  # noqa: ARG001  -- a job's signature
    """Plan what is due by the database's clock, which also decides when this runs; return when more is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (now,) = cursor.fetchone()
    return plan_reminders(now)


@transaction.atomic
def plan_reminders(now: datetime) -> datetime:
    """Order the reminders that are due at an instant and not ordered yet; return when more are due.

    However often it runs, and however late: each appointment and time gets one notice, which is marked as
    too late right away where it is. What starts before the last plan's end is not looked at again: it was
    planned, or came later and is `hear_of_appointment`'s.
    """
    hospital = current_hospital()
    until, again_at = reach(now, hospital.reminder_time, clock.zone(hospital.timezone))
    _keep_apart(alone=True)
    planned = _planned_until()
    since = now if planned is None else max(planned, now - LONGEST_LOOK_BACK)
    asked: dict[str, Any] = {"now": now, "since": since, "until": until, "least": _least()}
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, {**asked, "expected": sorted(EXPECTED)})
        ordered = sorted(cursor.fetchall(), key=lambda row: (row[2], row[0]))
        cursor.execute(_PLANNED, [until])
    # Who comes first is reminded first.
    if waiting := [str(pk) for pk, status, _ in ordered if status == NoticeStatus.PENDING]:
        queue_sending(waiting)
    return again_at


def hear_of_appointment(event: Event) -> None:
    """Follow an appointment that was booked, moved or cancelled after its reminder was planned.

    Whoever books then has just chosen the time: the log says so. Whoever was reminded, or about to be, and
    then moves is reminded of the new time at once, as what they were told is wrong; unless a notice of the
    move tells them.
    """
    start = parse_datetime(event.data.get("start", ""))
    if event.type == BookingEvent.CREATED and start is not None and start > clock.now() + FURTHEST_PLANNED:
        return
    _keep_apart(alone=False)
    row = Appointment.objects.filter(pk=event.subject_id).first()
    if row is None or (event.type == BookingEvent.CANCELLED and row.status != Status.CANCELLED):
        # Gone, or taken back: the event of that is on its way.
        return
    others = Notice.objects.filter(kind=REMINDER, appointment=row)
    if row.status in EXPECTED:
        others = others.exclude(for_time=row.start)
    waiting = others.filter(status=NoticeStatus.PENDING)
    waiting.update(status=NoticeStatus.SKIPPED, why=_why_not(row) or MOVED)
    planned = _planned_until()
    # Where it has moved since, the event of that move is on its way.
    is_last = row.status in EXPECTED and row.start == start
    if is_last and planned is not None and row.start < planned:
        told_before = others.exclude(why__in=(BOOKED_LATE, TOO_LATE)).exists()
        _follow(row, why_not=_why_no_follow(event, told_before=told_before))


def remind_after_all(row: Appointment) -> None:
    """Have an appointment reminded of that is expected again: what had ended it was taken back."""
    _keep_apart(alone=False)
    planned = _planned_until()
    if planned is None or row.start >= planned:
        return
    about = {"kind": REMINDER, "subject": str(row.pk), "for_time": row.start}
    _revive(about, CANCELLED, NOT_EXPECTED)
    notify(REMINDER, subject=row.pk, for_time=row.start, good_until=row.start - _least(), appointment=row,
           patient=row.patient)  # fmt: skip


def _why_no_follow(event: Event, *, told_before: bool) -> str:
    if not told_before:
        return BOOKED_LATE
    return TOLD_OF_MOVE if tells_of(event) else ""


def _follow(row: Appointment, *, why_not: str) -> None:
    good_until = row.start - _least()
    about = {"kind": REMINDER, "subject": str(row.pk), "for_time": row.start}
    if not why_not:
        _revive(about, MOVED, TOLD_OF_MOVE)
        notify(REMINDER, subject=row.pk, for_time=row.start, good_until=good_until, appointment=row,
               patient=row.patient)  # fmt: skip
        return
    late = Notice(
        **about, good_until=good_until, appointment=row, patient_id=row.patient_id,
        status=NoticeStatus.SKIPPED, why=why_not,
    )  # fmt: skip
    Notice.objects.bulk_create([late], ignore_conflicts=True)


def _revive(about: dict[str, Any], *whys: str) -> None:
    """Have told of after all what was not, for one of these reasons: moved away from, say, and back to."""
    there = Notice.objects.filter(**about, status=NoticeStatus.SKIPPED, why__in=whys)
    if there.update(status=NoticeStatus.PENDING, why=""):
        queue_sending([str(Notice.objects.values_list("pk", flat=True).get(**about))])


def _keep_apart(*, alone: bool) -> None:
    """Keep planning and following apart until the transaction ends.

    An appointment that the plan's statement could not see yet is then seen to have come late.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format("" if alone else "_shared"))


def _planned_until() -> datetime | None:
    return ReminderPlan.objects.values_list("planned_until", flat=True).first()


def _least() -> timedelta:
    return timedelta(hours=current_hospital().reminder_least_hours)


# ── the kind of notice ─────────────────────────────────────────────────────────
def _void(notice: Notice) -> str:
    row = notice.appointment
    if row is None:
        return CANCELLED
    if why := _why_not(row) or (MOVED if row.start != notice.for_time else ""):
        return why
    return NO_CONSENT if row.patient_id and _has_withdrawn(row.patient_id) else ""


def _has_withdrawn(patient_id: UUID) -> bool:
    """Whether they agreed to reminders once and do not any more. Who was never asked is reminded."""
    asked = PatientConsent.objects.filter(patient_id=patient_id, kind=ConsentKind.REMINDERS)
    live_first = asked.order_by(F("withdrawn_at").desc(nulls_first=True))
    withdrawn = list(live_first.values_list("withdrawn_at", flat=True)[:1])
    return withdrawn not in ([], [None])


def _why_not(row: Appointment) -> str:
    if row.status == Status.CANCELLED:
        return CANCELLED
    return "" if row.status in EXPECTED else NOT_EXPECTED


def _sent(notice: Notice) -> None:
    row = notice.appointment
    if row is None:
        return
    data = {
        "reference": row.reference, "event_type_id": row.service_id, "provider_id": str(row.practitioner_id),
        "start": row.start, "status": row.status, "channel": notice.channel,
    }  # fmt: skip
    record(_system, BookingEvent.REMINDER_SENT, subject_type="appointment", subject_id=row.pk, data=data)


REMINDER_KIND = NoticeKind(
    name=REMINDER,
    label=_("Reminder"),
    template="reminder",
    recipient=whom_to_tell,
    facts=facts_of_visit,
    void=_void,
    sent=_sent,
)
