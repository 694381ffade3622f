from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """The hospitals' endpoints and what is sent to them, in the public schema."""

    name = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        """Hear of events, register the jobs, let what is due wake a worker."""
        from jobs.wakeup import ring_with  # noqa: PLC0415  -- with the ones below
        from webhooks import notices, recovery, subscribers, tasks, waking  # noqa: PLC0415  -- they need the models

        subscribers.listen()
        recovery.handle_recovering()
        notices.handle_notices()
        ring_with(tasks.announce, waking.LANE)
