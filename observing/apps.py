from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ObservingConfig(AppConfig):
    """Health, logs, metrics and error reports."""

    name = "observing"
    verbose_name = _("Observing")

    def ready(self) -> None:
        """Send structlog's lines the way of all others, and errors to Sentry where there is one."""
        from analytics.platform import judge_with  # noqa: PLC0415  -- with the one below
        from observing import front_page, logs  # noqa: PLC0415  -- look at the request, whose parts need the apps

        logs.use_structlog()
        judge_with(front_page.look_at_parts)
        if settings.SENTRY_DSN:
            # The package takes a fifth of a second to import: only who uses it pays.
            from observing.errors import report_errors  # noqa: PLC0415  -- see above

            report_errors(
                settings.SENTRY_DSN, environment=settings.SENTRY_ENVIRONMENT, release=settings.SENTRY_RELEASE
            )
