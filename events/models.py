"""Event: what happened. IdempotencyKey: what a repeated request was answered."""

from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.positions import CurrentTransaction, ThisCluster


class Event(models.Model):
    """One change, written in the transaction that made it.

    The row is the audit trail, the outbox of what others must hear of, and the cursor of streams.
    `changes` maps a field to ``[from, to]``; `data` holds ids and public facts, never what a patient wrote.
    """

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(_("what"), max_length=60)
    subject_type = models.CharField(_("kind of record"), max_length=40)
    subject_id = models.CharField(_("record"), max_length=64)
    door = models.CharField(_("door"), max_length=20)
    actor_role = models.CharField(_("role"), max_length=20, blank=True)
    actor_user_id = models.UUIDField(_("user"), null=True, blank=True)
    actor_label = models.CharField(_("by"), max_length=100, blank=True)
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    data = models.JSONField(_("data"), default=dict, encoder=DjangoJSONEncoder)
    occurred_at = models.DateTimeField(_("when"), db_default=Now())
    relayed_at = models.DateTimeField(_("told others at"), null=True, blank=True, editable=False)
    # The order in which others may read (see events/feed.py); 0 for what they never do.
    cluster = models.BigIntegerField(db_default=ThisCluster(), editable=False)
    xid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_subject"),
            models.Index(
                fields=["cluster", "xid", "id"],
                condition=models.Q(xid__gt=0),
                name="event_feed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row once: history does not change."""
        if not self._state.adding:
            raise TypeError("An event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002  -- Django's signature
        """Refuse: history is not removed."""
        raise TypeError("An event is never deleted.")


class IdempotencyKey(models.Model):
    """The answer that a request with an idempotency key got, kept for its repetitions."""

    principal = models.CharField(max_length=100)
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    # JSON as text: a repetition is answered with the same bytes, the order of fields included.
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(
                name="one_answer_per_idempotency_key", fields=["principal", "route", "key"]
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.route} {self.created_at:%Y-%m-%d %H:%M}"
