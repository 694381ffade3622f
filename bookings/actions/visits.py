"""Appointments as staff speak of them: by the patient's id, the doctor's id and the appointment's own."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.actions.appointments import book_appointment, change_status
from bookings.actions.patients import Guest
from bookings.models import Appointment
from bookings.models.appointment import LONGEST_REASON
from bookings.queries.appointments import appointment_by_id_for
from bookings.queries.catalogue import catalogue
from bookings.queries.doctor_days import service_for_start
from bookings.queries.patients import patient_or_oneself
from bookings.rules.statuses import Status
from core.actor import Actor
from core.errors import InvalidInput


def book_for_patient(
    actor: Actor,
    *,
    patient_id: UUID,
    practitioner_id: str,
    start: datetime,
    service_id: int | None = None,
    reason: str = "",
    notes: str = "",
) -> Appointment:
    """Book a visit of a known patient with a practitioner at a naive time on the hospital's clocks.

    Without `service_id` it is the first event type that the practitioner offers and that is free then, or
    the first that they offer if none is: `book_appointment` then says why it cannot be had. Raises what it
    raises, and `PatientNotFound`.
    """
    actor.require("appointments.book")
    patient = patient_or_oneself(actor, patient_id=patient_id)
    if service_id is None:
        minute = start.hour * 60 + start.minute
        service_id = service_for_start(catalogue(), practitioner_id, start.date(), minute)
    row = book_appointment(
        actor,
        service_id=service_id,
        start=start,
        guest=Guest.known(patient),
        practitioner_id=practitioner_id,
        notes=notes,
        reason=reason,
    )
    row.patient = patient
    return row


def change_status_by_id(
    actor: Actor, *, appointment_id: UUID, status: Status, notes: str = ""
) -> Appointment:
    """Move an appointment to another status; `notes` say why it is cancelled, else they join its notes.

    Raises what `change_status` raises.
    """
    row = appointment_by_id_for(actor, appointment_id=appointment_id)
    is_cancelled = status is Status.CANCELLED
    if is_cancelled and len(notes) > LONGEST_REASON:
        raise InvalidInput(notes=_("A reason of cancelling has 500 characters at most."))
    return change_status(
        actor,
        reference=row.reference,
        status=status,
        reason=notes if is_cancelled else "",
        notes="" if is_cancelled else notes,
    )
