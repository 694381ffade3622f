"""Notices of change: the patient is told when somebody else moves or cancels their appointment."""

from datetime import datetime
from typing import Any

from django.db.models.functions import Now
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Role
from bookings.actions.appointment_words import facts_of_visit, whom_to_tell
from bookings.actions.notices import NoticeKind, notify
from bookings.events import BookingEvent
from bookings.models import Appointment, Notice, NoticeStatus
from bookings.rules.statuses import RESCHEDULABLE, Status
from core import clock
from core.actor import Door
from events.models import Event

# Kinds of notices. Each change is a subject of its own: the event's id.
MOVED_NOTICE, CANCELLED_NOTICE = "booking_moved", "booking_cancelled"
CHANGES = (BookingEvent.RESCHEDULED, BookingEvent.CANCELLED)

# Codes of why one was not sent (`Notice.why`).
CANCELLED, MOVED, NOT_EXPECTED, TAKEN_BACK = "cancelled", "moved", "not_expected", "taken_back"


def tells_of(event: Event) -> bool:
    """Whether the patient gets a notice of an event: a visit to come was changed, and not by themselves."""
    start = _start_of(event)
    by_patient = event.actor_role == Role.PATIENT or event.door == Door.TELEGRAM
    return event.type in CHANGES and not by_patient and start is not None and start > clock.now()


def hear_of_change(event: Event) -> None:
    """Order the notice of a change, unless a later change tells of it; a subscriber of `events.relay`."""
    if not tells_of(event):
        return
    row = Appointment.objects.select_related("patient").filter(pk=event.subject_id).first()
    if (
        row is None
        or row.start != _start_of(event)
        or (row.status == Status.CANCELLED) is not _cancels(event)
    ):
        return
    kind = CANCELLED_NOTICE if _cancels(event) else MOVED_NOTICE
    # What was not told yet is not worth telling any more.
    earlier = Notice.objects.filter(appointment=row, kind=MOVED_NOTICE, status=NoticeStatus.PENDING)
    earlier.exclude(subject=str(event.pk)).update(
        status=NoticeStatus.SKIPPED, why=CANCELLED if _cancels(event) else MOVED, updated_at=Now()
    )
    notify(
        kind, subject=event.pk, for_time=row.start, good_until=row.start, appointment=row,
        patient=row.patient,
        data={
            "appointment_id": str(row.pk), "event_type_id": row.service_id,
            "is_new_time": "start" in event.changes,
        },
    )  # fmt: skip


def _cancels(event: Event) -> bool:
    return event.type == BookingEvent.CANCELLED


def _start_of(event: Event) -> datetime | None:
    return parse_datetime(event.data.get("start", ""))


# ── the kinds of notices ───────────────────────────────────────────────────────
def void_unless_expected(notice: Notice) -> str:
    """Why there is no use in a notice about a visit to come: it is not expected any more, or not then."""
    row = notice.appointment
    if row is None or row.status == Status.CANCELLED:
        return CANCELLED
    if row.status not in RESCHEDULABLE:
        return NOT_EXPECTED
    return MOVED if row.start != notice.for_time else ""


def _void_of_cancelling(notice: Notice) -> str:
    row = notice.appointment
    if row is None:
        return CANCELLED
    return "" if row.status == Status.CANCELLED else TAKEN_BACK


def _facts_of_move(notice: Notice) -> dict[str, Any]:
    return {**facts_of_visit(notice), "is_new_time": notice.data.get("is_new_time", True)}


MOVED_KIND = NoticeKind(
    name=MOVED_NOTICE,
    label=_("Appointment moved"),
    template="booking_moved",
    recipient=whom_to_tell,
    facts=_facts_of_move,
    void=void_unless_expected,
)
CANCELLED_KIND = NoticeKind(
    name=CANCELLED_NOTICE,
    label=_("Appointment cancelled"),
    template="booking_cancelled",
    recipient=whom_to_tell,
    facts=facts_of_visit,
    void=_void_of_cancelling,
)
