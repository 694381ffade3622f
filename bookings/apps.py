from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    """What is bookable, by whom, and who has booked: in each hospital's schema."""

    name = "bookings"
    verbose_name = _("Appointments")
