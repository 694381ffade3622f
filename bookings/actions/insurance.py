"""Who pays for a patient: written down, changed, removed by staff."""

from django.db import transaction

from bookings.events import BookingEvent
from bookings.models import Patient, PatientInsurance
from bookings.queries.patients import patient_for
from core.actor import Actor
from events.outbox import record


@transaction.atomic
def save_insurance(actor: Actor, insurance: PatientInsurance) -> PatientInsurance:
    """Save what was entered or changed; one that is primary takes that from the patient's others.

    Raises `PatientNotFound`, and `IntegrityError` of a constraint that the caller should have checked.
    """
    actor.require("patients.write")
    patient_for(actor, patient_id=insurance.patient_id)
    if insurance.is_primary:
        # One at a time, so that of two that become primary at once the later one is.
        Patient.objects.select_for_update().get(pk=insurance.patient_id)
        others = PatientInsurance.objects.filter(patient_id=insurance.patient_id, is_primary=True)
        others.exclude(pk=insurance.pk).update(is_primary=False)
    insurance.save()
    _record(actor, insurance)
    return insurance


@transaction.atomic
def remove_insurance(actor: Actor, insurance: PatientInsurance) -> None:
    """Remove what was entered by mistake. Raises `PatientNotFound`."""
    actor.require("patients.write")
    patient_for(actor, patient_id=insurance.patient_id)
    _record(actor, insurance, removed=True)
    insurance.delete()


def _record(actor: Actor, insurance: PatientInsurance, **facts: bool) -> None:
    """Ids alone: which scheme somebody has, and its number, is nobody's who reads events."""
    record(
        actor,
        BookingEvent.INSURANCE_CHANGED,
        subject_type="patient",
        subject_id=insurance.patient_id,
        data={"insurance_id": str(insurance.pk), **facts},
    )
