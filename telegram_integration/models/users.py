"""TelegramUser and what they are tied to: chats with bots, and patients of hospitals."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Record
from telegram_integration.models.bots import TelegramBot
from tenants.models import Hospital, Language


class Proof(models.TextChoices):
    """How a phone number was proven."""

    CONTACT = "CONTACT", _("Contact that Telegram vouches for")
    CODE = "CODE", _("One-time code")


class TelegramUser(models.Model):
    """A person on Telegram. `hospital` is the one that they chose last; the links say where they are known.

    `phone_number` (E.164) and `name` are what they registered with last; `is_verified` says that the number
    was proven.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    telegram_id = models.BigIntegerField(_("Telegram number"), unique=True)
    telegram_username = models.CharField(_("user name"), max_length=64, blank=True)
    phone_number = models.CharField(_("phone number"), max_length=20, blank=True)
    email = models.EmailField(_("email"), blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.THAI)
    hospital = models.ForeignKey(
        Hospital, verbose_name=_("hospital"), on_delete=models.SET_NULL, null=True, blank=True,
        related_name="telegram_users",
    )  # fmt: skip
    is_verified = models.BooleanField(_("verified"), default=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    last_active = models.DateTimeField(_("last active"), db_default=Now())

    class Meta:
        db_table = "telegram_users"
        verbose_name = _("Telegram user")
        verbose_name_plural = _("Telegram users")
        ordering = ["-last_active"]
        constraints = [
            models.CheckConstraint(
                name="telegram_user_is_verified_by_a_phone",
                condition=Q(is_verified=False) | ~Q(phone_number=""),
            ),
        ]
        indexes = [models.Index(fields=["last_active"], name="telegram_user_active")]

    def __str__(self) -> str:
        return self.name or str(self.telegram_id)


class TelegramLink(Record):
    """Which patient of a hospital a Telegram user is. Whoever proves the number last has the link.

    `patient_id` is a row of the hospital's schema; public tables cannot refer to it.
    """

    user = models.ForeignKey(
        TelegramUser, verbose_name=_("Telegram user"), on_delete=models.CASCADE, related_name="links"
    )
    hospital = models.ForeignKey(
        Hospital, verbose_name=_("hospital"), on_delete=models.CASCADE, related_name="telegram_links"
    )
    patient_id = models.UUIDField(_("patient"))
    proof = models.CharField(_("proven by"), max_length=10, choices=Proof)

    class Meta:
        db_table = "telegram_links"
        verbose_name = _("link to a patient")
        verbose_name_plural = _("links to patients")
        constraints = [
            models.UniqueConstraint(name="one_patient_per_user_and_hospital", fields=["user", "hospital"]),
            models.UniqueConstraint(name="one_user_per_patient", fields=["hospital", "patient_id"]),
        ]

    def __str__(self) -> str:
        return str(self.patient_id)


class TelegramChat(models.Model):
    """A user's private chat with a bot: there as soon as they wrote to it. `blocked_at`: they blocked it."""

    bot = models.ForeignKey(
        TelegramBot, verbose_name=_("bot"), on_delete=models.CASCADE, related_name="chats"
    )
    user = models.ForeignKey(
        TelegramUser, verbose_name=_("Telegram user"), on_delete=models.CASCADE, related_name="chats"
    )
    blocked_at = models.DateTimeField(_("blocked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        db_table = "telegram_chats"
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        constraints = [models.UniqueConstraint(name="one_chat_per_bot_and_user", fields=["bot", "user"])]

    def __str__(self) -> str:
        return f"{self.bot_id} {self.user_id}"
