from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """The audit trail and outbox of each hospital, and of the platform in the public schema."""

    name = "events"
    verbose_name = _("History")

    def ready(self) -> None:
        """Have events handed on."""
        from events.relay import handle_relaying  # noqa: PLC0415  -- needs the models

        handle_relaying()
