"""TelegramUpdate: what Telegram sent, stored once, worked off in order per chat."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from telegram_integration.models.bots import TelegramBot


class TelegramUpdate(models.Model):
    """One update; the row stays for some days after it was worked off, as Telegram may send it again.

    `payload` is Telegram's JSON and is emptied when it is done: it holds what people wrote.
    `chat_id` orders: of a chat, only the lowest update that is not done may be worked on. `lease_until` says
    that a process works on it; if that process dies, others may after that time.
    """

    id = models.BigAutoField(primary_key=True)
    bot = models.ForeignKey(
        TelegramBot, verbose_name=_("bot"), on_delete=models.CASCADE, related_name="updates", db_index=False
    )
    update_id = models.BigIntegerField(_("update"))
    chat_id = models.BigIntegerField(_("chat"), default=0)
    payload = models.JSONField(default=dict)
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # The class of the fault alone: a text may quote somebody.
    error = models.CharField(_("error"), max_length=60, blank=True, default="", db_default="")

    class Meta:
        db_table = "telegram_updates"
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints = [
            models.UniqueConstraint(name="one_row_per_update", fields=["bot", "update_id"]),
            models.CheckConstraint(
                name="what_is_done_holds_no_text", condition=Q(done_at=None) | Q(payload={})
            ),
        ]
        indexes = [
            models.Index(
                fields=["bot", "chat_id", "update_id"],
                condition=Q(done_at=None),
                name="telegram_update_waits",
            ),
            models.Index(fields=["done_at"], name="telegram_update_age"),
        ]

    def __str__(self) -> str:
        return f"{self.bot_id} {self.update_id}"
