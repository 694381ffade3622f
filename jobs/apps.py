from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """The queue of background work, in the public schema."""

    name = "jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        """Have a committed job wake a worker, and a changed hospital restart its standing jobs."""
        from jobs import standing, tasks, wakeup  # noqa: PLC0415  -- Celery's tasks need the apps loaded
        from tenants.provisioning import when_hospitals_change  # noqa: PLC0415  -- needs the models

        wakeup.ring_with(tasks.announce)
        when_hospitals_change(standing.restart_standing)
