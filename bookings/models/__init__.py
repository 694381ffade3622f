"""Tables of one hospital: people, catalogue, schedule, appointments."""

from bookings.models.appointment import Appointment, Source
from bookings.models.batch import Batch, BatchItem, BatchKind, BatchState, Outcome
from bookings.models.catalogue import HealthcareService, Specialty
from bookings.models.cover import ConsentKind, PatientConsent, PatientInsurance, Scheme
from bookings.models.expertise import PractitionerSpecialty
from bookings.models.notice import Notice, NoticeStatus, ReminderPlan
from bookings.models.people import Patient, Practitioner, PractitionerKind
from bookings.models.rating import Rating
from bookings.models.schedule import ExceptionKind, Holiday, RulesVersion, ScheduleException, WeeklyHours
from bookings.models.waiting_list import WaitingListEntry, WaitingListOffer

__all__ = [
    "Appointment",
    "Batch",
    "BatchItem",
    "BatchKind",
    "BatchState",
    "ConsentKind",
    "ExceptionKind",
    "HealthcareService",
    "Holiday",
    "Notice",
    "NoticeStatus",
    "Outcome",
    "Patient",
    "PatientConsent",
    "PatientInsurance",
    "Practitioner",
    "PractitionerKind",
    "PractitionerSpecialty",
    "Rating",
    "ReminderPlan",
    "RulesVersion",
    "ScheduleException",
    "Scheme",
    "Source",
    "Specialty",
    "WaitingListEntry",
    "WaitingListOffer",
    "WeeklyHours",
]
