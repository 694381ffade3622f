"""Book, move, cancel, and every other step in the life of an appointment."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bookings.actions.patients import Guest, guest_lock, patient_for_guest
from bookings.actions.seats import SeatTaken, in_one_transaction, lock, new_row, place, take_seat
from bookings.actions.wishes import Candidate, Wish
from bookings.errors import AppointmentNotFound, HoldExpired, IllegalStatus, PatientBusy, SlotRefused
from bookings.events import BookingEvent
from bookings.models import Appointment, Patient
from bookings.models.appointment import LONGEST_NOTES
from bookings.queries.appointments import appointments_for
from bookings.references import canonical
from bookings.rules.policy import Refusal
from bookings.rules.statuses import OCCUPYING, RESCHEDULABLE, Status, may_move
from core import clock
from core.actor import Actor, Door
from core.errors import InvalidInput, NotAllowed
from events.outbox import record

# Which verb each status needs.
_VERBS = {
    Status.CONFIRMED: "appointments.confirm",
    Status.CHECKED_IN: "appointments.attend",
    Status.IN_PROGRESS: "appointments.attend",
    Status.COMPLETED: "appointments.attend",
    Status.NO_SHOW: "appointments.attend",
    Status.CANCELLED: "appointments.cancel",
}


class Said(NamedTuple):
    """What was said on booking: notes for the desk, and what the visit is about."""

    notes: str
    reason: str


def book_appointment(
    actor: Actor,
    *,
    service_id: int,
    start: datetime,
    guest: Guest,
    practitioner_id: str | None = None,
    notes: str = "",
    reason: str = "",
    hold_id: UUID | None = None,
) -> Appointment:
    """Book a service at a time for a guest, with one practitioner or the least busy who offers it.

    A naive `start` is a time on the hospital's clocks; `notes` are for the desk, `reason` says what the visit
    is about. With `hold_id` the held slot becomes the booking.
    Raises `ServiceNotFound`, `PractitionerNotFound`, `NonexistentTime`, `SlotRefused` (with alternatives),
    `HoldExpired`, `PatientBusy`, `TryAgain`.
    """
    actor.require("appointments.book")
    wish = Wish.of(service_id=service_id, start=start, practitioner_id=practitioner_id)
    said = Said(notes, reason)
    if hold_id is not None:
        return _book_hold(actor, wish, hold_id, guest, said)

    def seat(chosen: Candidate) -> Appointment:
        return in_one_transaction(lambda: _book_seat(actor, wish, chosen, guest, said))

    return wish.take(seat)


def _book_seat(actor: Actor, wish: Wish, chosen: Candidate, guest: Guest, said: Said) -> Appointment:
    lock(chosen.practitioner_id, *guest_lock(guest))
    row = new_row(Status.SCHEDULED)
    place(actor, row, wish.service, chosen.practitioner_id, chosen.start, stale_holds=chosen.stale_holds)
    _write_guest(actor, row, guest, said)
    row.save(force_insert=True)
    row.practitioner = wish.present.practitioners[chosen.practitioner_id]
    record_of(actor, BookingEvent.CREATED, row, {"status": [None, row.status]})
    return row


def _book_hold(actor: Actor, wish: Wish, hold_id: UUID, guest: Guest, said: Said) -> Appointment:
    def work() -> Appointment:
        lock(hold_id, *guest_lock(guest))
        row = _held(wish, hold_id)
        row.status, row.hold_expires_at = Status.SCHEDULED, None
        row.service = wish.service
        row.practitioner = wish.present.practitioners[str(row.practitioner_id)]
        _write_guest(actor, row, guest, said)
        row.save()
        record_of(actor, BookingEvent.CREATED, row, {"status": [Status.HELD, row.status]})
        return row

    if clock.epoch_now() >= wish.starts[-1]:
        raise wish.refused(Refusal.PAST)
    try:
        return in_one_transaction(work)
    except PatientBusy as busy:
        raise wish.patient_busy(wish.starts[0]) from busy


def _is_for(hold: Appointment, wish: Wish) -> bool:
    return (
        hold.service_id == wish.service.pk
        and str(hold.practitioner_id) in wish.who
        and clock.to_epoch(hold.start) in wish.starts
    )


def reschedule_appointment(
    actor: Actor,
    *,
    reference: str,
    start: datetime,
    practitioner_id: str | None = None,
    reason: str = "",
    hold_id: UUID | None = None,
) -> Appointment:
    """Move an appointment in place: the same row and reference, and the same practitioner if none is named.

    A confirmed appointment has to be confirmed anew; one that is there already stays as it is. With
    `hold_id` it moves onto the held slot, and the hold is gone. Raises `AppointmentNotFound`,
    `IllegalStatus`, `SlotRefused` (the old time stays kept), `HoldExpired`, `PatientBusy`,
    `NonexistentTime`, `TryAgain`.
    """
    seen = changeable(actor, reference, "appointments.move")
    whose = practitioner_id or str(seen.practitioner_id)
    wish = Wish.of(service_id=seen.service_id, start=start, practitioner_id=whose)

    def seat(chosen: Candidate) -> Appointment:
        return in_one_transaction(lambda: _move(actor, wish, reference, chosen, reason))

    if seen.status not in RESCHEDULABLE:
        raise IllegalStatus(Status(seen.status))
    if hold_id is not None:
        return _move_onto_hold(actor, wish, reference, hold_id, reason)
    return wish.take(seat, besides=str(seen.pk))


def _move_onto_hold(actor: Actor, wish: Wish, reference: str, hold_id: UUID, reason: str) -> Appointment:
    def work() -> Appointment:
        locked(actor, reference)
        lock(hold_id, wish.who[0])
        held = _held(wish, hold_id)
        # Its seat is taken in the same transaction, under the practitioner's lock: nobody comes between.
        Appointment.objects.filter(pk=hold_id).delete()
        chosen = Candidate(wish.who[0], clock.to_epoch(held.start), stale_holds=False)
        return _move(actor, wish, reference, chosen, reason)

    if clock.epoch_now() >= wish.starts[-1]:
        raise wish.refused(Refusal.PAST)
    try:
        return in_one_transaction(work)
    except SeatTaken as taken:
        raise wish.refused(Refusal.SLOT_TAKEN) from taken
    except PatientBusy as busy:
        raise wish.patient_busy(wish.starts[0]) from busy


def _held(wish: Wish, hold_id: UUID) -> Appointment:
    """The live hold of that id, locked. Raises `HoldExpired`, also for one of another slot."""
    live = Appointment.objects.select_for_update().filter(
        pk=hold_id, status=Status.HELD, hold_expires_at__gt=Now()
    )
    row = live.first()
    if row is None or not _is_for(row, wish):
        raise HoldExpired
    return row


def _move(actor: Actor, wish: Wish, reference: str, chosen: Candidate, reason: str) -> Appointment:
    practitioner_id, start, stale_holds = chosen
    row = locked(actor, reference)
    if row.status not in RESCHEDULABLE:
        raise IllegalStatus(Status(row.status))
    before = {"start": row.start, "practitioner": str(row.practitioner_id), "status": row.status}
    if (row.start, str(row.practitioner_id)) == (clock.from_epoch(start), practitioner_id):
        return row
    lock(practitioner_id, *_patient_lock(row.patient))
    place(actor, row, wish.service, practitioner_id, start, stale_holds=stale_holds)
    row.practitioner = wish.present.practitioners[practitioner_id]
    row.status = Status.SCHEDULED
    after = {"start": row.start, "practitioner": practitioner_id, "status": row.status}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    row.save()
    record_of(actor, BookingEvent.RESCHEDULED, row, changes, has_reason=bool(reason))
    return row


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
    verb = _VERBS.get(status)
    if verb is None:
        raise NotAllowed
    changeable(actor, reference, verb)
    try:
        return in_one_transaction(lambda: _change_status(actor, reference, status, Said(notes, reason)))
    except SeatTaken as taken:
        raise SlotRefused(Refusal.SLOT_TAKEN, []) from taken


def _change_status(actor: Actor, reference: str, status: Status, said: Said) -> Appointment:
    row = locked(actor, reference)
    if not may_move(Status(row.status), status):
        raise IllegalStatus(Status(row.status))
    changes: dict[str, list[Any]] = {"status": [row.status, status.value]}
    if status in OCCUPYING and row.status not in OCCUPYING:
        # Its seat was free for others meanwhile.
        lock(row.practitioner_id, *_patient_lock(row.patient))
        take_seat(actor, row, stale_holds=True)
    row.status = status
    if status is Status.CANCELLED:
        row.cancel_reason = said.reason
    row.notes = _with_notes(row.notes, said.notes)
    row.save(update_fields=["status", "seat", "cancel_reason", "notes", "updated_at"])
    kind = BookingEvent.CANCELLED if status is Status.CANCELLED else BookingEvent.STATUS_CHANGED
    record_of(actor, kind, row, changes, has_reason=bool(said.reason))
    return row


def _with_notes(there: str, more: str) -> str:
    notes = "\n".join(text for text in (there, more) if text)
    if len(notes) > LONGEST_NOTES:
        raise InvalidInput(notes=_("With the notes that are there already, this is too long."))
    return notes


def changeable(actor: Actor, reference: str, verb: str) -> Appointment:
    """The appointment, if the actor may do this to it: to any, or to their own."""
    row = appointments_for(actor).filter(reference=canonical(reference)).first()
    if row is None:
        raise AppointmentNotFound
    if not actor.can(verb) and not (actor.can(f"{verb}_own") and _owns(actor, row)):
        raise NotAllowed(needs=verb)
    return row


def _owns(actor: Actor, row: Appointment) -> bool:
    return (actor.patient_id is not None and row.patient_id == actor.patient_id) or (
        actor.practitioner_id is not None and row.practitioner_id == actor.practitioner_id
    )


def locked(actor: Actor, reference: str) -> Appointment:
    """The appointment's row, locked and as it is now: what was read before may have changed since."""
    rows = appointments_for(actor).select_related("service", "practitioner", "patient")
    row = rows.select_for_update(of=("self",)).filter(reference=canonical(reference)).first()
    if row is None:
        raise AppointmentNotFound
    return row


def _write_guest(actor: Actor, row: Appointment, guest: Guest, said: Said) -> None:
    row.guest_name, row.guest_phone, row.guest_email = guest.name, guest.phone, guest.email
    row.notes, row.reason = said
    row.source = actor.door if actor.door is not Door.SYSTEM else Door.API
    row.patient_id = patient_for_guest(actor, guest)


def _patient_lock(patient: Patient | None) -> list[str]:
    return [f"patient:{patient.phone_number}:{patient.name_key}"] if patient is not None else []


def record_of(
    actor: Actor, kind: BookingEvent, row: Appointment, changes: dict[str, list[Any]], **facts: Any
) -> None:
    """Write the event: ids and public facts, never what a patient or a clerk wrote."""
    record(
        actor,
        kind,
        subject_type="appointment",
        subject_id=row.pk,
        changes=changes,
        data={
            "reference": row.reference,
            "event_type_id": row.service_id,
            "provider_id": str(row.practitioner_id),
            "start": row.start,
            "status": row.status,
            **facts,
        },
    )
