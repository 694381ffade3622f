from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """The hospitals' endpoints and what is sent to them, in the public schema."""

    name = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        """Hear of events, register the jobs, let what is due wake a worker."""
        from analytics.platform import count_with  # noqa: PLC0415  -- with the ones below
        from jobs.wakeup import ring_with  # noqa: PLC0415  -- with the ones below
        from webhooks import (  # noqa: PLC0415  -- they need the models
            hospitals,
            notices,
            recovery,
            subscribers,
            tasks,
            waking,
        )

        subscribers.listen()
        recovery.handle_recovering()
        notices.handle_notices()
        ring_with(tasks.announce, waking.LANE)
        count_with("webhooks_off", hospitals.switched_off)
