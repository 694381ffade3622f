"""What a patient does for themselves, at a door that knows them by id: safe to say twice.

A patient keeps one slot at a time by each door, so that nobody empties a calendar by tapping about.
"""

from datetime import datetime
from uuid import UUID

from bookings.actions.appointments import book_appointment, reschedule_appointment
from bookings.actions.holds import KeptFor, hold_slot, release_hold
from bookings.actions.patients import Guest
from bookings.actions.waiting_list import join_waiting_list
from bookings.errors import HoldExpired, HoldNotFound, PatientNotFound
from bookings.models import Appointment, Patient, WaitingListEntry
from bookings.queries.appointments import appointment_by_id_for, appointments_for
from bookings.queries.oneself import own_holds_for
from core import clock
from core.actor import Actor


def hold_for_oneself(
    actor: Actor, *, service_id: int, start: datetime, practitioner_id: str | None = None
) -> Appointment:
    """Keep a slot for the patient that the actor is, in place of the one that was kept; `start` is aware.

    Whoever asks for the same again gets the same hold. Raises what `hold_slot` raises, and `PatientNotFound`.
    """
    actor.require("appointments.hold")
    patient = _oneself(actor)
    for hold in own_holds_for(actor):
        is_same = (hold.service_id, clock.to_epoch(hold.start)) == (service_id, clock.to_epoch(start))
        if is_same and practitioner_id in (None, str(hold.practitioner_id)):
            return hold
        _release(actor, hold.pk)
    return hold_slot(
        actor,
        service_id=service_id,
        start=start,
        practitioner_id=practitioner_id,
        whose=KeptFor(Guest.known(patient), patient.pk),
    )


def release_own_hold(actor: Actor, *, start: datetime | None = None) -> None:
    """Let the slot go that is kept for the patient, if any is: the one at that instant, or whichever."""
    actor.require("appointments.hold")
    kept = own_holds_for(actor) if start is None else own_holds_for(actor).filter(start=start)
    for hold_id in kept.values_list("pk", flat=True):
        _release(actor, hold_id)


def book_own_hold(actor: Actor, *, hold_id: UUID) -> Appointment:
    """Book the slot that is kept for the patient; whoever says it again gets the same booking.

    Raises `HoldExpired`, and what `book_appointment` raises.
    """
    hold = own_holds_for(actor).filter(pk=hold_id).first()
    if hold is not None:
        try:
            return book_appointment(
                actor,
                service_id=hold.service_id,
                start=hold.start,
                guest=Guest.known(_oneself(actor)),
                practitioner_id=str(hold.practitioner_id),
                hold_id=hold_id,
            )
        except HoldExpired:
            # It may have become the booking meanwhile: the same row.
            pass
    booked = appointments_for(actor).filter(pk=hold_id).first()
    if booked is None:
        raise HoldExpired
    return booked


def move_onto_own_hold(actor: Actor, *, appointment_id: UUID, start: datetime) -> Appointment:
    """Move the patient's appointment onto the slot that is kept for them at that instant.

    Whoever says it again gets the moved appointment. Raises `AppointmentNotFound`, `HoldExpired`, and what
    `reschedule_appointment` raises.
    """
    row = appointment_by_id_for(actor, appointment_id=appointment_id)
    hold = own_holds_for(actor).filter(service_id=row.service_id, start=start).first()
    if hold is not None:
        try:
            return reschedule_appointment(
                actor,
                reference=row.reference,
                start=start,
                practitioner_id=str(hold.practitioner_id),
                hold_id=hold.pk,
            )
        except HoldExpired:
            pass
    row = appointment_by_id_for(actor, appointment_id=appointment_id)
    if clock.to_epoch(row.start) != clock.to_epoch(start):
        raise HoldExpired
    return row


def wait_for_oneself(
    actor: Actor, *, service_id: int | None = None, appointment_id: UUID | None = None
) -> WaitingListEntry:
    """Put the patient in the line for a service, or for an earlier time of an appointment of theirs.

    Raises what `join_waiting_list` raises.
    """
    if appointment_id is not None:
        row = appointment_by_id_for(actor, appointment_id=appointment_id)
        return join_waiting_list(actor, reference=row.reference)
    return join_waiting_list(actor, service_id=service_id, guest=Guest.known(_oneself(actor)))


def _release(actor: Actor, hold_id: UUID) -> None:
    try:
        release_hold(actor, hold_id=hold_id)
    except HoldNotFound:
        # It ran out, or became a booking, in this moment.
        return


def _oneself(actor: Actor) -> Patient:
    known = actor.patient_id
    patient = Patient.objects.filter(pk=known).first() if known is not None else None
    if patient is None:
        raise PatientNotFound
    return patient
