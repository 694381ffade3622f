"""Patients, as far as the actor may see them."""

from django.db.models import Exists, OuterRef, QuerySet

from bookings.models import Patient
from bookings.queries.appointments import appointments_for
from core.actor import Actor


def patients_for(actor: Actor) -> QuerySet[Patient]:
    """The patients that the actor may see: everybody, those of their own appointments, or none."""
    if actor.can("patients.read"):
        return Patient.objects.all()
    if actor.practitioner_id is not None and actor.can("patients.read_own"):
        return Patient.objects.filter(Exists(appointments_for(actor).filter(patient=OuterRef("pk"))))
    return Patient.objects.none()
