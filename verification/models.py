"""PhoneChallenge: a one-time code that was sent to a phone, in the public schema."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record

VALID_FOR = timedelta(minutes=5)
MOST_TRIES = 5
LONGEST_REFERENCE = 200


class PhoneChallenge(Record):
    """A code on its way to somebody, and what became of it.

    Neither the number nor the code is kept: `phone_key` and `code_key` are HMAC-SHA256 with the pepper of
    verification/pepper.py, hexadecimal. `subject` says who asked (``telegram:<user's UUID>``), `purpose` for
    what. Where the gateway makes and checks its own codes, `code_key` is empty and `gateway_reference` names
    its verification. A row without `sent_at` is on its way to the gateways or was lost there; `failed_at`
    says that it surely reached none of them, so that it counts against nobody's limit.
    """

    purpose = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)
    phone_key = models.CharField(max_length=64)
    code_key = models.CharField(max_length=64, blank=True)
    gateway = models.CharField(_("gateway"), max_length=20, blank=True)
    gateway_reference = models.CharField(max_length=LONGEST_REFERENCE, blank=True)
    expires_at = models.DateTimeField(_("expires at"))
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)

    class Meta:
        db_table = "phone_challenges"
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ["-created_at"]
        constraints = [
            # Of a subject and purpose one code is live: sending another ends the one before.
            models.UniqueConstraint(
                name="one_live_code", fields=["purpose", "subject"], condition=Q(used_at=None, ended_at=None)
            ),
            models.CheckConstraint(name="five_tries_at_most", condition=Q(attempts__lte=MOST_TRIES)),
            models.CheckConstraint(
                name="what_failed_is_over",
                condition=Q(failed_at=None) | Q(sent_at=None, ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["phone_key", "created_at"], name="challenge_phone"),
            models.Index(fields=["subject", "created_at"], name="challenge_subject"),
            models.Index(fields=["created_at"], name="challenge_age"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"
