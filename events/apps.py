from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """The audit trail and outbox of each hospital, and of the platform in the public schema."""

    name = "events"
    verbose_name = _("History")
