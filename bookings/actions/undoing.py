"""Taking the last step of a visit back, for a while: whoever pressed the wrong button, or the wrong row."""

from datetime import timedelta

from bookings.actions.appointments import STEP_VERBS
from bookings.actions.rows import changeable, locked, patient_lock, record_of
from bookings.actions.seats import SeatTaken, in_one_transaction, lock, take_seat
from bookings.errors import NothingToUndo, SlotRefused
from bookings.events import BookingEvent
from bookings.models import Appointment
from bookings.rules.statuses import OCCUPYING, Status
from core import clock
from core.actor import Actor

__all__ = ["UNDO_FOR", "NothingToUndo", "may_be_undone", "undo_step"]

# How long after a step it can be taken back.
UNDO_FOR = timedelta(minutes=30)


def may_be_undone(row: Appointment) -> bool:
    """Whether the last step of an appointment is known and not too long ago."""
    taken_at = row.status_changed_at
    return bool(row.status_before) and taken_at is not None and clock.now() - taken_at <= UNDO_FOR


def undo_step(actor: Actor, *, reference: str, seen: str = "") -> Appointment:
    """Put an appointment back to the status that its last step led from; that cannot be undone in turn.

    Needs the verb of the step that is taken back. `seen` is the status that whoever asks saw: another one by
    now is not touched. A step that had given the slot up takes it again; of a cancellation the reason goes.
    Raises `AppointmentNotFound`, `NotAllowed`, `NothingToUndo`, `SlotRefused` (the slot is somebody else's
    by now), `PatientBusy`, `TryAgain`.
    """
    try:
        return in_one_transaction(lambda: _undo(actor, reference, seen))
    except SeatTaken as taken:
        raise SlotRefused(taken.why, []) from taken


def _undo(actor: Actor, reference: str, seen: str) -> Appointment:
    row = locked(actor, reference)
    if not may_be_undone(row) or seen not in ("", row.status):
        raise NothingToUndo
    changeable(actor, reference, STEP_VERBS[Status(row.status)])
    undone, back = Status(row.status), Status(row.status_before)
    if back in OCCUPYING and undone not in OCCUPYING:
        # Its slot was free for others meanwhile.
        lock(row.practitioner_id, *patient_lock(row.patient))
        take_seat(actor, row, stale_holds=True)
    row.status, row.status_before, row.status_changed_at = back, "", None
    if undone is Status.CANCELLED:
        row.cancel_reason = ""
    row.save(
        update_fields=["status", "status_before", "status_changed_at", "seat", "cancel_reason", "updated_at"]
    )
    changes = {"status": [undone.value, back.value]}
    record_of(actor, BookingEvent.STATUS_CHANGED, row, changes, undone=True)
    return row
