"""Book, move, cancel, and every other step in the life of an appointment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.actions.holds import held_for
from bookings.actions.leave import Leave
from bookings.actions.moving import Seen, move, move_onto_hold
from bookings.actions.patients import Guest, guest_lock
from bookings.actions.rows import (
    Said,
    changeable,
    locked,
    patient_lock,
    record_created,
    record_of,
    write_guest,
)
from bookings.actions.seats import (
    Candidate,
    SeatTaken,
    in_one_transaction,
    lock,
    new_row,
    place,
    take_seat,
)
from bookings.actions.wishes import Wish
from bookings.errors import IllegalStatus, MovedMeanwhile, PatientBusy, SlotRefused
from bookings.events import BookingEvent
from bookings.models import Appointment
from bookings.models.appointment import LONGEST_NOTES
from bookings.rules.statuses import OCCUPYING, RESCHEDULABLE, Status, may_move
from core import clock
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed

# Which verb each status needs.
STEP_VERBS = {
    Status.CONFIRMED: "appointments.confirm",
    Status.CHECKED_IN: "appointments.attend",
    Status.IN_PROGRESS: "appointments.attend",
    Status.COMPLETED: "appointments.attend",
    Status.NO_SHOW: "appointments.attend",
    Status.CANCELLED: "appointments.cancel",
}


def book_appointment(  # noqa: PLR0913  -- all that may be said of a booking
    actor: Actor,
    *,
    service_id: int,
    start: datetime,
    guest: Guest,
    practitioner_id: str | None = None,
    notes: str = "",
    reason: str = "",
    hold_id: UUID | None = None,
    waive: bool = False,
    overbook_reason: str = "",
) -> Appointment:
    """Book a service at a time for a guest, with one practitioner or the least busy who offers it.

    A naive `start` is a time on the hospital's clocks; `notes` are for the desk, `reason` says what the visit
    is about. With `hold_id` the held slot becomes the booking. With `waive` the desk's rules decide
    (`bookings.rules.desk`); with an `overbook_reason` the named practitioner is overbooked, if need be.
    Raises `ServiceNotFound`, `PractitionerNotFound`, `NonexistentTime`, `SlotRefused` (with alternatives),
    `HoldExpired`, `PatientBusy`, `TryAgain`, `NotAllowed`, `InvalidInput`.
    """
    actor.require("appointments.book")
    leave = Leave.of(actor, waive=waive, overbook_reason=overbook_reason, practitioner_id=practitioner_id)
    wish = Wish.of(service_id=service_id, start=start, practitioner_id=practitioner_id, leave=leave)
    said = Said(notes, reason)
    if hold_id is not None:
        return _book_hold(actor, wish, hold_id, guest, said)

    def seat(chosen: Candidate) -> Appointment:
        return in_one_transaction(lambda: _book_seat(actor, wish, chosen, guest, said))

    return wish.take(seat)


def _book_seat(actor: Actor, wish: Wish, chosen: Candidate, guest: Guest, said: Said) -> Appointment:
    lock(chosen.practitioner_id, *guest_lock(guest))
    chosen = wish.settle(chosen)
    row = new_row(Status.SCHEDULED)
    place(actor, row, wish.service, wish.practitioner(chosen), chosen)
    row.overbook_reason = wish.leave.overbook_reason if chosen.overbooked else ""
    write_guest(actor, row, guest, said)
    row.save(force_insert=True)
    record_created(actor, row)
    return row


def _book_hold(actor: Actor, wish: Wish, hold_id: UUID, guest: Guest, said: Said) -> Appointment:
    def work() -> Appointment:
        lock(hold_id, *guest_lock(guest))
        row = held_for(wish, hold_id)
        row.status, row.hold_expires_at = Status.SCHEDULED, None
        row.service = wish.service
        row.practitioner = wish.present.practitioners[str(row.practitioner_id)]
        write_guest(actor, row, guest, said)
        row.save()
        record_created(actor, row, Status.HELD)
        return row

    wish.require_time_ahead()
    try:
        return in_one_transaction(work)
    except PatientBusy as busy:
        raise wish.patient_busy(wish.starts[0]) from busy


def reschedule_appointment(  # noqa: PLR0913  -- all that may be said of a move
    actor: Actor,
    *,
    reference: str,
    start: datetime,
    practitioner_id: str | None = None,
    reason: str = "",
    hold_id: UUID | None = None,
    waive: bool = False,
    overbook_reason: str = "",
    seen_start: datetime | None = None,
    seen_practitioner_id: str | None = None,
) -> Appointment:
    """Move an appointment in place: the same row and reference, and the same practitioner if none is named.

    A confirmed appointment has to be confirmed anew; one that is there already stays as it is. With
    `hold_id` it moves onto the held slot, and the hold is gone. `waive` and `overbook_reason` are those of
    `book_appointment`. `seen_*` is where whoever moves it saw it last; a naive time is one on the hospital's
    clocks. Raises `AppointmentNotFound`, `IllegalStatus`, `MovedMeanwhile`, `SlotRefused` (the old time
    stays kept), `HoldExpired`, `PatientBusy`, `NonexistentTime`, `TryAgain`, `NotAllowed`, `InvalidInput`.
    """
    row = changeable(actor, reference, "appointments.move")
    whose = practitioner_id or str(row.practitioner_id)
    leave = Leave.of(actor, waive=waive, overbook_reason=overbook_reason, practitioner_id=whose)
    wish = Wish.of(service_id=row.service_id, start=start, practitioner_id=whose, leave=leave)
    seen = Seen(seen_start, seen_practitioner_id)

    def seat(chosen: Candidate) -> Appointment:
        return in_one_transaction(lambda: move(actor, wish, reference, chosen, reason, seen))

    if row.status not in RESCHEDULABLE:
        raise IllegalStatus(Status(row.status))
    if not seen.still_holds(row) and not wish.is_at(row):
        raise MovedMeanwhile
    if hold_id is not None:
        return move_onto_hold(actor, wish, reference, hold_id, reason)
    return wish.take(seat, besides=row)


def cancel_appointment(actor: Actor, *, reference: str, reason: str = "") -> Appointment:
    """Cancel an appointment; its slot is free at once. Raises `AppointmentNotFound`, `IllegalStatus`."""
    return change_status(actor, reference=reference, status=Status.CANCELLED, reason=reason)


def change_status(
    actor: Actor, *, reference: str, status: Status, reason: str = "", notes: str = ""
) -> Appointment:
    """Move an appointment to another status, by the table of `bookings.rules.statuses`.

    `reason` is why it is cancelled; `notes` are added to those that it has, on a line of their own.
    Raises `AppointmentNotFound`, `IllegalStatus` (with the allowed ones named), `SlotRefused` when a
    no-show is checked in after its slot was given away, `InvalidInput` for more notes than there is room.
    """
    verb = STEP_VERBS.get(status)
    if verb is None:
        raise NotAllowed
    changeable(actor, reference, verb)
    try:
        return in_one_transaction(lambda: _change_status(actor, reference, status, Said(notes, reason)))
    except SeatTaken as taken:
        raise SlotRefused(taken.why, []) from taken


def _change_status(actor: Actor, reference: str, status: Status, said: Said) -> Appointment:
    row = locked(actor, reference)
    if not may_move(Status(row.status), status):
        raise IllegalStatus(Status(row.status))
    changes: dict[str, list[Any]] = {"status": [row.status, status.value]}
    if status in OCCUPYING and row.status not in OCCUPYING:
        # Its seat was free for others meanwhile.
        lock(row.practitioner_id, *patient_lock(row.patient))
        take_seat(actor, row, stale_holds=True)
    row.status_before, row.status_changed_at = row.status, clock.now()
    row.status = status
    if status is Status.CANCELLED:
        row.cancel_reason = said.reason
    row.notes = _with_notes(row.notes, said.notes)
    stepped = ["status", "status_before", "status_changed_at"]
    row.save(update_fields=[*stepped, "seat", "cancel_reason", "notes", "updated_at"])
    kind = BookingEvent.CANCELLED if status is Status.CANCELLED else BookingEvent.STATUS_CHANGED
    record_of(actor, kind, row, changes, has_reason=bool(said.reason))
    return row


def _with_notes(there: str, more: str) -> str:
    notes = "\n".join(text for text in (there, more) if text)
    if len(notes) > LONGEST_NOTES:
        raise InvalidInput(notes=_("With the notes that are there already, this is too long."))
    return notes
