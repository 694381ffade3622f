"""TelegramBot: the platform's bot, which all hospitals share, or one of a hospital's own."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from tenants.models import Hospital


def new_slug() -> str:
    """A path that nobody guesses (128 bits, URL-safe)."""
    return secrets.token_urlsafe(16)


class TelegramBot(Record):
    """A bot by its token. Without `hospital` it is the platform's, and its token stands in the settings.

    `token` and `secret` are sealed (see telegram_integration/client/tokens.py). `slug` is the bot's part of
    the webhook's path; `secret` is what Telegram says in a header of each update.
    """

    hospital = models.OneToOneField(
        Hospital, verbose_name=_("hospital"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="telegram_bot",
    )  # fmt: skip
    telegram_id = models.BigIntegerField(_("bot's number"), unique=True)
    username = models.CharField(_("user name"), max_length=64, blank=True)
    token = models.TextField(_("token"), blank=True, default="", editable=False)
    slug = models.CharField(max_length=40, unique=True, default=new_slug, editable=False)
    secret = models.TextField(blank=True, default="", editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "telegram_bots"
        verbose_name = _("Telegram bot")
        verbose_name_plural = _("Telegram bots")
        ordering = ["created_at"]
        constraints = [
            # A bot of the platform whose token was changed for another bot's stays as a row, switched off.
            models.UniqueConstraint(
                name="one_bot_of_the_platform",
                fields=["is_active"],
                condition=Q(hospital=None, is_active=True),
            ),
            models.CheckConstraint(
                name="a_hospitals_bot_has_a_token", condition=Q(hospital=None) | ~Q(token="")
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.username}" if self.username else str(self.telegram_id)
