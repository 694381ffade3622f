"""Rows for every collection of a hospital."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bookings.models import HealthcareService, Patient, PractitionerSpecialty, Specialty
from core.actor import Actor
from records.actions.records import create_record
from records.actions.treatments import create_treatment
from records.models import MedicalRecord
from tenants.context import current_hospital
from tests.support.catalogue import make_practitioner
from tests.support.people import People
from tests.support.rows import insert_appointment

BANGKOK = ZoneInfo("Asia/Bangkok")


def fill(
    program: Actor,
    people: People,
    service: HealthcareService,
    *,
    count: int,
    mark: str,
    day: date = date(2027, 1, 1),
) -> dict[str, Any]:
    """So many of everything in the hospital at hand, each saying `mark`; the last id of each collection."""
    ids: dict[str, Any] = {"users": str(people.nurse.pk)}
    for number in range(count):
        ids |= _one(program, people, service, number, mark, day + timedelta(days=number))
    return ids


def _one(
    program: Actor, people: People, service: HealthcareService, number: int, mark: str, day: date
) -> dict[str, str]:
    patient = Patient.objects.create(
        name=f"{mark} patient {number}",
        name_key=f"{mark} {number}".lower(),
        phone_number=f"+6681111000{number}",
    )
    field = Specialty.objects.create(
        code=f"{mark.lower()}-{number}", name_th=mark, name_en=f"{mark} {number}", description=mark
    )
    doctor = make_practitioner(f"{mark} doctor {number}")
    PractitionerSpecialty.objects.create(practitioner=doctor, specialty=field, is_primary=True)
    service.practitioners.add(doctor)
    visit = insert_appointment(
        service, doctor, patient_id=patient.pk, guest_name=patient.name, notes=mark, reason=f"{mark} reason",
        start=datetime.combine(day, time(9), BANGKOK), end=datetime.combine(day, time(9, 30), BANGKOK),
    )  # fmt: skip
    record = create_record(
        program, patient_id=patient.pk, record_type="CONSULTATION",
        texts={
            "title": f"{mark} title", "description": mark, "diagnosis": mark, "symptoms": f"{mark} symptom",
        },
    )  # fmt: skip
    MedicalRecord.objects.filter(pk=record.pk).update(practitioner=doctor)
    treatment = create_treatment(
        program, patient_id=patient.pk, practitioner_id=doctor.pk,
        texts={"name": f"{mark} treatment", "description": mark, "instructions": mark},
    )  # fmt: skip
    return {
        "patients": str(patient.pk),
        "specialties": str(field.pk),
        "doctors": str(doctor.pk),
        "appointments": str(visit),
        "medical_records": str(record.pk),
        "treatments": str(treatment.pk),
        "hospitals": str(_hospital_id()),
    }


def _hospital_id() -> UUID:
    return current_hospital().uuid
