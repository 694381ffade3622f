"""Patients, as far as the actor may see them."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from bookings.errors import PatientNotFound
from bookings.models import Patient, PatientConsent
from bookings.queries.appointments import appointments_for
from core.actor import Actor


def patients_for(actor: Actor) -> QuerySet[Patient]:
    """The patients that the actor may see: everybody, those of their own appointments, or none."""
    if actor.can("patients.read"):
        return Patient.objects.all()
    if actor.practitioner_id is not None and actor.can("patients.read_own"):
        return Patient.objects.filter(Exists(appointments_for(actor).filter(patient=OuterRef("pk"))))
    return Patient.objects.none()


def patient_for(actor: Actor, *, patient_id: UUID) -> Patient:
    """One patient by id, as far as the actor may see them. Raises `PatientNotFound`."""
    row = patients_for(actor).filter(pk=patient_id).first()
    if row is None:
        raise PatientNotFound
    return row


def patient_or_oneself(actor: Actor, *, patient_id: UUID) -> Patient:
    """One patient that the actor may see, or the patient that the actor is. Raises `PatientNotFound`."""
    if actor.patient_id is not None and actor.patient_id == patient_id:
        return Patient.objects.get(pk=patient_id)
    return patient_for(actor, patient_id=patient_id)


def with_cover(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """The same patients with their insurance and live consents (`live_consents`): two statements more."""
    live = PatientConsent.objects.filter(withdrawn_at=None).order_by("kind")
    return patients.prefetch_related("insurances", Prefetch("consents", live, to_attr="live_consents"))
