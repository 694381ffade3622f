"""What follows when a step was taken back: who heard of it is told, and who is expected is reminded."""

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Role
from bookings.actions.appointment_words import facts_of_visit, whom_to_tell
from bookings.actions.changes import (
    CANCELLED,
    CANCELLED_NOTICE,
    MOVED_NOTICE,
    TAKEN_BACK,
    void_unless_expected,
)
from bookings.actions.notices import NoticeKind, notify, queue_sending
from bookings.actions.reminders import remind_after_all
from bookings.actions.sending import OUTCOME_UNKNOWN
from bookings.events import BookingEvent
from bookings.models import Appointment, Notice, NoticeStatus
from bookings.rules.statuses import RESCHEDULABLE, Status
from core import clock
from core.actor import Door
from events.models import Event

# The kind of its notices; each taking back is a subject of its own: the event's id.
RESTORED_NOTICE = "booking_restored"


def hear_of_undoing(event: Event) -> None:
    """Put right what patients were told, or were about to be; a subscriber of `events.relay`."""
    if not event.data.get("undone"):
        return
    row = Appointment.objects.select_related("patient").filter(pk=event.subject_id).first()
    if row is None:
        return
    is_told = event.changes["status"][0] == Status.CANCELLED and _drop_or_find_told(event)
    if row.status not in RESCHEDULABLE or row.start != parse_datetime(event.data["start"]):
        return
    remind_after_all(row)
    _tell_of_move_after_all(row)
    if is_told and row.start > clock.now():
        notify(
            RESTORED_NOTICE, subject=event.pk, for_time=row.start, good_until=row.start, appointment=row,
            patient=row.patient,
            data={"appointment_id": str(row.pk), "event_type_id": row.service_id},
        )  # fmt: skip


def _drop_or_find_told(undoing: Event) -> bool:
    """Whether the patient knows of the cancellation that was taken back; a notice that waits is dropped."""
    cancelling = _cancelling_before(undoing)
    if cancelling is None:
        return False
    by_patient = cancelling.actor_role == Role.PATIENT or cancelling.door == Door.TELEGRAM
    return by_patient or not _dropped(cancelling)


def _dropped(cancelling: Event) -> bool:
    """Drop the notice of a cancellation. False if it went out, or if nobody knows whether it did."""
    notices = Notice.objects.filter(kind=CANCELLED_NOTICE, subject=str(cancelling.pk))
    notice = notices.select_for_update(of=("self",)).first()
    if notice is None:
        return True
    if notice.status == NoticeStatus.PENDING and notice.handing_since is None:
        dropped = {"status": NoticeStatus.SKIPPED, "why": TAKEN_BACK, "updated_at": Now()}
        Notice.objects.filter(pk=notice.pk).update(**dropped)
        return OUTCOME_UNKNOWN not in notice.passed.values()
    in_flight = notice.status == NoticeStatus.PENDING
    return not (in_flight or notice.status == NoticeStatus.SENT or notice.why == OUTCOME_UNKNOWN)


def _cancelling_before(undoing: Event) -> Event | None:
    """The event of the cancellation that an event has taken back."""
    earlier = Event.objects.filter(subject_type=undoing.subject_type, subject_id=undoing.subject_id)
    return earlier.filter(type=BookingEvent.CANCELLED, pk__lt=undoing.pk).order_by("-pk").first()


def _tell_of_move_after_all(row: Appointment) -> None:
    """A notice of a move that the cancellation had made useless is of use again."""
    dropped = Q(status=NoticeStatus.SKIPPED, why=CANCELLED, kind=MOVED_NOTICE, for_time=row.start)
    notices = Notice.objects.filter(dropped, appointment=row)
    keys = [str(key) for key in notices.values_list("pk", flat=True)]
    if keys:
        notices.update(status=NoticeStatus.PENDING, why="", updated_at=Now())
        queue_sending(keys)


# ── the kind of notice ─────────────────────────────────────────────────────────
RESTORED_KIND = NoticeKind(
    name=RESTORED_NOTICE,
    label=_("Cancellation taken back"),
    template="booking_restored",
    recipient=whom_to_tell,
    facts=facts_of_visit,
    void=void_unless_expected,
)
