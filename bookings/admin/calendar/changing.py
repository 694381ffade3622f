"""What every change of one appointment shares: finding it, and answering with how it is after."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from bookings.admin.calendar.entries import entry_of
from bookings.admin.calendar.wire import Refused, Reply
from bookings.errors import AppointmentNotFound
from bookings.models import Appointment
from bookings.queries.appointments import appointments_for
from bookings.rules.policy import Refusal
from core.actor import Actor
from core.errors import DomainError, Kind

# What overbooking helps against; the rest binds it too.
_OVERBOOKABLE = {
    Refusal.SLOT_TAKEN.value, Refusal.OUTSIDE_HOURS.value, Refusal.TIME_OFF.value, Refusal.HOLIDAY.value,
    "day_full",
}  # fmt: skip


def row_for(actor: Actor, appointment_id: UUID | None) -> Appointment:
    """The appointment, if the actor may see it. Raises `AppointmentNotFound`."""
    row = None if appointment_id is None else appointments_for(actor).filter(pk=appointment_id).first()
    if row is None:
        raise AppointmentNotFound
    return row


def changed(actor: Actor, row: Appointment, change: Callable[[], object], **more: Any) -> Reply:
    """Run a change of an appointment and answer how it is now, also where it was refused."""
    try:
        change()
    except DomainError as refusal:
        event = entry_of(actor, row.pk) if refusal.kind is Kind.CONFLICT else None
        raise Refused(refusal, event=event, may_overbook=may_overbook(actor, refusal)) from refusal
    return Reply(200, {"event": entry_of(actor, row.pk), **more})


def may_overbook(actor: Actor, refusal: DomainError) -> bool:
    """Whether this actor could have it all the same, with a reason."""
    return refusal.reason in _OVERBOOKABLE and actor.can("appointments.overbook")
