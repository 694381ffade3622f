"""RecordKey: the keys of one hospital, each wrapped by the platform's master key."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class KeyPurpose(models.TextChoices):
    """What a key is for."""

    TEXT = "TEXT", _("Clinical text")
    LOG = "LOG", _("Log of reads")


class RecordKey(models.Model):
    """A data key of 256 bits. Text is sealed with the newest that is not retired, and opened with any.

    A retired one is destroyed: nothing was sealed with it any more. The key of the log is never replaced,
    as its entries never change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(_("purpose"), max_length=4, choices=KeyPurpose)
    wrapped = models.TextField(_("wrapped key"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("key of records")
        verbose_name_plural = _("keys of records")
        constraints = [
            models.UniqueConstraint(
                name="one_key_of_the_log", fields=["purpose"], condition=Q(purpose=KeyPurpose.LOG)
            ),
            models.CheckConstraint(name="record_key_purpose", condition=Q(purpose__in=KeyPurpose.values)),
            models.CheckConstraint(
                name="a_retired_key_is_destroyed",
                condition=(Q(retired_at=None) & ~Q(wrapped=""))
                | (Q(retired_at__isnull=False, wrapped="", purpose=KeyPurpose.TEXT)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
