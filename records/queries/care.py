"""Whose patients are whose: the patients whose records or treatments an actor may read or write."""

from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.errors import PatientNotFound
from bookings.models import Appointment, Patient
from bookings.rules.statuses import Status
from core.actor import Actor
from core.errors import NotAllowed
from records.models import MedicalRecord, Treatment

Family = Literal["records", "treatments"]

# A hold and a cancelled visit make nobody a doctor's patient.
_NO_VISIT = (Status.HELD, Status.CANCELLED)


def readable_patients(actor: Actor, family: Family) -> QuerySet[Patient]:
    """The patients whose records (or treatments) the actor may read: all, their own, themselves, or none."""
    if actor.can(f"{family}.read"):
        return Patient.objects.all()
    if not actor.can(f"{family}.read_own"):
        return Patient.objects.none()
    if actor.practitioner_id is not None:
        return cared_for_by(actor.practitioner_id)
    return Patient.objects.filter(pk__in=[] if actor.patient_id is None else [actor.patient_id])


def writable_patients(actor: Actor, family: Family) -> QuerySet[Patient]:
    """The patients whose records (or treatments) the actor may write: all, a doctor's own, or none."""
    if actor.can(f"{family}.write"):
        return Patient.objects.all()
    if actor.practitioner_id is not None and actor.can(f"{family}.write_own"):
        return cared_for_by(actor.practitioner_id)
    return Patient.objects.none()


def cared_for_by(practitioner_id: UUID) -> QuerySet[Patient]:
    """A practitioner's patients: with an appointment at any time, or with something that they wrote."""
    patient = OuterRef("pk")
    visits = Appointment.objects.filter(patient=patient, practitioner=practitioner_id)
    written = [
        model.objects.filter(patient=patient, practitioner=practitioner_id)
        for model in (MedicalRecord, Treatment)
    ]
    return Patient.objects.filter(
        Q(Exists(visits.exclude(status__in=_NO_VISIT))) | Q(Exists(written[0])) | Q(Exists(written[1]))
    )


def require_any(actor: Actor, family: Family, doing: Literal["read", "write"]) -> None:
    """Raise `NotAllowed` for whoever may do this to nobody's records, not even to their own."""
    if not (actor.can(f"{family}.{doing}") or actor.can(f"{family}.{doing}_own")):
        raise NotAllowed(needs=f"{family}.{doing}")


def patient_among(patients: QuerySet[Patient], patient_id: UUID | str) -> Patient:
    """The patient of that id among those. Raises `PatientNotFound`."""
    patient = patients.filter(pk=patient_id).first()
    if patient is None:
        raise PatientNotFound
    return patient
