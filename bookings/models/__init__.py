"""Tables of one hospital: people, catalogue, schedule, appointments."""

from bookings.models.appointment import Appointment, Source
from bookings.models.catalogue import HealthcareService, Specialty
from bookings.models.people import Patient, Practitioner, PractitionerKind
from bookings.models.schedule import ExceptionKind, Holiday, RulesVersion, ScheduleException, WeeklyHours

__all__ = [
    "Appointment",
    "ExceptionKind",
    "HealthcareService",
    "Holiday",
    "Patient",
    "Practitioner",
    "PractitionerKind",
    "RulesVersion",
    "ScheduleException",
    "Source",
    "Specialty",
    "WeeklyHours",
]
