"""The front desk, and everything that decides what can be booked, on each hospital's own admin."""

from bookings.admin.appointments import AppointmentAdmin
from bookings.admin.batches import BatchAdmin
from bookings.admin.catalogue import HealthcareServiceAdmin, SpecialtyAdmin
from bookings.admin.holidays import HolidayAdmin
from bookings.admin.hospital_settings import settings_page
from bookings.admin.notices import NoticeAdmin
from bookings.admin.patients import PatientAdmin
from bookings.admin.practitioners import PractitionerAdmin
from bookings.admin.ratings import RatingAdmin
from bookings.admin.waiting_list import WaitingListAdmin

__all__ = [
    "AppointmentAdmin",
    "BatchAdmin",
    "HealthcareServiceAdmin",
    "HolidayAdmin",
    "NoticeAdmin",
    "PatientAdmin",
    "PractitionerAdmin",
    "RatingAdmin",
    "SpecialtyAdmin",
    "WaitingListAdmin",
    "settings_page",
]
