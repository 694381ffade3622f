"""Patients and their appointments."""

from django.db.models import QuerySet

from bookings.errors import AppointmentNotFound, PatientNotFound
from bookings.queries.appointments import appointments_for
from bookings.queries.patients import patients_for, with_cover
from bookings.serializers.fields import WireInteger
from bookings.serializers.patients import PatientSerializer
from bookings.serializers.visits import WIRE_STATUSES, AppointmentSerializer
from core.actor import Actor
from mcp_integration.collections.doctors import the_doctor
from mcp_integration.collections.filters import by_choice, by_id, from_day, is_so, one_of, until_day
from mcp_integration.collections.platform import own_hospital
from mcp_integration.collections.row import Collection, related
from tenants.models import Language


def _patients(actor: Actor) -> QuerySet:
    return with_cover(patients_for(actor))


def _appointments(actor: Actor) -> QuerySet:
    return appointments_for(actor).select_related("patient")


the_patient = related("patient_id", _patients, PatientSerializer)

# Nobody is looked for by name, phone or e-mail here: addresses stand in logs.
PATIENTS = Collection(
    name="patients",
    title="Patients",
    about="Patients of a hospital, with what pays for them and what they have agreed to.",
    needs=("patients.read", "patients.read_own"),
    rows=_patients,
    item=PatientSerializer,
    sorts={"created_at": "created_at", "name": "name", "hospital_number": "hospital_number"},
    usual_sort="-created_at",
    filters={
        "is_active": is_so("is_active", "Whether they are switched on."),
        "language": by_choice("language", Language.values, "The language that they are written to in."),
        "created_from": from_day("created_at", "Registered at this date or after it."),
        "created_until": until_day("created_at", "Registered at this date or before it."),
    },
    expansions={"hospital": own_hospital},
    not_found=PatientNotFound,
)
APPOINTMENTS = Collection(
    name="appointments",
    title="Appointments",
    about="Appointments of a hospital; to a patient or a doctor, their own.",
    needs=("appointments.read", "appointments.read_own"),
    rows=_appointments,
    item=AppointmentSerializer,
    sorts={"start": "start", "created_at": "created_at", "updated_at": "updated_at", "status": "status"},
    usual_sort="-start",
    filters={
        "status": by_choice("status", WIRE_STATUSES, "In which status."),
        "date_from": from_day("start", "Starting at this date or after it."),
        "date_to": until_day("start", "Starting at this date or before it."),
        "patient_id": by_id("patient", "Of which patient."),
        "doctor_id": by_id("practitioner", "With which doctor."),
        "event_type_id": one_of(
            "service", WireInteger(min_value=1, max_value=2**31 - 1), "Of which event type."
        ),
    },
    expansions={"hospital": own_hospital, "patient": the_patient, "doctor": the_doctor},
    not_found=AppointmentNotFound,
)
