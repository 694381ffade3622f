"""Asking a patient to choose another time: the hospital cannot keep the one that they have."""

from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from bookings.actions.appointment_words import facts_of_visit, whom_to_tell
from bookings.actions.changes import void_unless_expected
from bookings.actions.notices import NoticeKind, notify
from bookings.actions.rows import record_of
from bookings.errors import IllegalStatus, SlotRefused
from bookings.events import BookingEvent
from bookings.models import Appointment, Notice
from bookings.rules.policy import Refusal
from bookings.rules.statuses import RESCHEDULABLE, Status
from core import clock
from core.actor import Actor

# The kind of its notices.
ASKING_NOTICE = "choose_another_time"


def ask_to_choose(actor: Actor, row: Appointment, *, asked_by: UUID) -> Notice:
    """Order the notice that asks for another time, once for each appointment and `asked_by` (a batch).

    Belongs into a transaction of the caller's. Raises `NotAllowed`, `IllegalStatus` for who is not expected
    any more, `SlotRefused` for what has begun.
    """
    actor.require("notices.send")
    if row.status not in RESCHEDULABLE:
        raise IllegalStatus(Status(row.status))
    if row.start <= clock.now():
        raise SlotRefused(Refusal.PAST, [])
    subject = uuid5(asked_by, str(row.pk))
    ordered = Notice.objects.filter(kind=ASKING_NOTICE, subject=str(subject), for_time=row.start)
    if (notice := ordered.first()) is not None:
        return notice
    record_of(actor, BookingEvent.ASKED_TO_CHOOSE, row, {})
    return notify(
        ASKING_NOTICE, subject=subject, for_time=row.start, good_until=row.start,
        appointment=row, patient=row.patient,
        data={"appointment_id": str(row.pk), "event_type_id": row.service_id},
    )  # fmt: skip


ASKING_KIND = NoticeKind(
    name=ASKING_NOTICE,
    label=_("Please choose another time"),
    template="choose_another_time",
    recipient=whom_to_tell,
    facts=facts_of_visit,
    void=void_unless_expected,
)
