from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelegramIntegrationConfig(AppConfig):
    """The Telegram door: patients book, move and cancel in a chat."""

    name = "telegram_integration"
    verbose_name = _("Telegram")

    def ready(self) -> None:
        """Register the jobs and the channel."""
        from telegram_integration.background import register  # noqa: PLC0415  -- it needs the models

        register()
