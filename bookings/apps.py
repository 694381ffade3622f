from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    """What is bookable, by whom, and who has booked: in each hospital's schema."""

    name = "bookings"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        """Have reminders planned, notices sent, holds ended and old rows removed."""
        from bookings.background import register  # noqa: PLC0415  -- needs the models

        register()
