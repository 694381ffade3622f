"""Tables of one hospital: people, catalogue, schedule, appointments."""

from bookings.models.appointment import Appointment, Source
from bookings.models.catalogue import HealthcareService, Specialty
from bookings.models.notice import Notice, NoticeStatus, ReminderPlan
from bookings.models.people import Patient, Practitioner, PractitionerKind
from bookings.models.schedule import ExceptionKind, Holiday, RulesVersion, ScheduleException, WeeklyHours
from bookings.models.waiting_list import WaitingListEntry, WaitingListOffer

__all__ = [
    "Appointment",
    "ExceptionKind",
    "HealthcareService",
    "Holiday",
    "Notice",
    "NoticeStatus",
    "Patient",
    "Practitioner",
    "PractitionerKind",
    "ReminderPlan",
    "RulesVersion",
    "ScheduleException",
    "Source",
    "Specialty",
    "WaitingListEntry",
    "WaitingListOffer",
    "WeeklyHours",
]
