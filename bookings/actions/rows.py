"""One appointment's row: who may touch it, how it is locked, what is written on it and told of it."""

from typing import Any, NamedTuple

from bookings.actions.patients import Guest, patient_for_guest
from bookings.errors import AppointmentNotFound
from bookings.events import BookingEvent
from bookings.models import Appointment, Patient
from bookings.queries.appointments import appointments_for
from bookings.references import canonical
from bookings.rules.statuses import Status
from core.actor import Actor, Door
from core.errors import NotAllowed
from core.rows import lock_and_read
from events.outbox import record


class Said(NamedTuple):
    """What was said on booking: notes for the desk, and what the visit is about."""

    notes: str
    reason: str


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
    row = lock_and_read(rows.filter(reference=canonical(reference)))
    if row is None:
        raise AppointmentNotFound
    return row


def patient_lock(patient: Patient | None) -> list[str]:
    """The key of a patient's turn, for `lock`; none for a guest who is no patient."""
    return [f"patient:{patient.phone_number}:{patient.name_key}"] if patient is not None else []


def write_guest(actor: Actor, row: Appointment, guest: Guest, said: Said) -> None:
    """Note on a row for whom it is, what was said and by which door, and which patient that is."""
    row.guest_name, row.guest_phone, row.guest_email = guest.name, guest.phone, guest.email
    row.notes, row.reason = said
    row.source = actor.door if actor.door is not Door.SYSTEM else Door.API
    row.patient_id = patient_for_guest(actor, guest)


def record_created(actor: Actor, row: Appointment, before: Status | None = None) -> None:
    """Write the event of an appointment that has come to be, out of a hold if that was `before`."""
    changes: dict[str, list[Any]] = {"status": [before, row.status]}
    facts: dict[str, Any] = {}
    if row.overbooked:
        changes["overbooked"] = [False, True]
    if row.queue_number is not None:
        changes["queue_number"] = [None, row.queue_number]
        facts["queue_number"] = row.queue_number
    record_of(actor, BookingEvent.CREATED, row, changes, **facts)


def record_of(
    actor: Actor, kind: BookingEvent, row: Appointment, changes: dict[str, list[Any]], **facts: Any
) -> None:
    """Write the event: ids and public facts, never what a patient or a clerk wrote."""
    if row.overbooked or "overbooked" in changes:
        facts["overbooked"] = row.overbooked
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
