from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """The queue of background work, in the public schema."""

    name = "jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        """Let a committed job wake a worker by the broker."""
        from jobs import tasks, wakeup  # noqa: PLC0415  -- Celery's tasks need the apps loaded

        wakeup.ring_with(tasks.announce)
