"""Webhook, Delivery and Attempt, in the public schema: one query finds what is due in any hospital."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Record
from tenants.models import Hospital
from webhooks.events import EVERYTHING, PUBLIC_EVENTS


class Why(models.TextChoices):
    """Why an endpoint is switched off."""

    ASKED = "ASKED", _("Switched off by somebody")
    GONE = "GONE", _("It answered that it is gone (410)")
    FAILING = "FAILING", _("It failed for days")


class State(models.TextChoices):
    """Where a delivery stands."""

    PENDING = "PENDING", _("Waiting")
    DELIVERED = "DELIVERED", _("Delivered")
    FAILED = "FAILED", _("Given up")
    # Not sent, as the endpoint was switched off meanwhile; recovering sends it.
    KEPT = "KEPT", _("Kept until it is asked for")


class Webhook(Record):
    """An address of a hospital's other system that is told of events.

    `secret` and `previous_secret` are sealed (see webhooks/keyring.py). What the dispatcher learns of an
    endpoint stands here too: `consecutive_failures` of the last attempts, `failing_since` once there were
    several, `open_until` while the breaker lets nothing through, `is_slow` when the last answer took long.
    """

    hospital = models.ForeignKey(
        Hospital, verbose_name=_("hospital"), on_delete=models.PROTECT, related_name="webhooks"
    )
    url = models.URLField(_("address"), max_length=2000)
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    events = ArrayField(models.TextField(), verbose_name=_("events"))
    secret = models.TextField(_("secret"), editable=False)
    previous_secret = models.TextField(blank=True, default="", editable=False)
    previous_secret_until = models.DateTimeField(
        _("previous secret valid until"), null=True, blank=True, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)
    disabled_at = models.DateTimeField(_("switched off at"), null=True, blank=True, editable=False)
    disabled_why = models.CharField(
        _("why"), max_length=10, choices=Why, blank=True, default="", editable=False
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True, editable=False)

    consecutive_failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    open_until = models.DateTimeField(_("not tried before"), null=True, blank=True, editable=False)
    is_slow = models.BooleanField(_("slow"), default=False, editable=False)

    recovering_since = models.DateTimeField(_("recovering since"), null=True, blank=True, editable=False)
    recovering_after = models.BigIntegerField(null=True, blank=True, editable=False)
    recovered = models.PositiveIntegerField(_("queued again"), default=0, editable=False)

    class Meta:
        db_table = "webhooks"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="webhook_wants_known_events",
                condition=Q(events__contained_by=[*PUBLIC_EVENTS, EVERYTHING]) & Q(events__len__gte=1),
            ),
            models.CheckConstraint(
                name="webhook_is_active_or_was_switched_off",
                condition=Q(is_active=True, disabled_at=None, disabled_why="", removed_at=None)
                | (Q(is_active=False, disabled_at__isnull=False) & ~Q(disabled_why="")),
            ),
            models.CheckConstraint(
                name="webhook_previous_secret_has_an_end",
                condition=Q(previous_secret="", previous_secret_until=None)
                | (~Q(previous_secret="") & Q(previous_secret_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one endpoint. The id is the ``webhook-id``: the same over every attempt and resend.

    `payload` is the JSON of the message without its id (see `message`), written once, so that every attempt
    sends the same bytes. `attempts` counts this round: sending again starts with 0. `lease_until` tells that
    a process is sending it now; if that process dies, others may after that time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(
        Webhook, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="deliveries",
        db_index=False,
    )  # fmt: skip
    event_id = models.BigIntegerField(_("event's number"))
    event_at = models.DateTimeField(_("happened at"))
    event_type = models.CharField(_("event"), max_length=60)
    payload = models.TextField(_("content"))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PENDING, db_default=State.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True, blank=True, db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at", "-id"]
        constraints = [
            # A schema that was restored gives out its events' numbers again: the time tells them apart.
            models.UniqueConstraint(
                name="one_delivery_of_each_event", fields=["webhook", "event_id", "event_at"]
            ),
            models.CheckConstraint(
                name="delivery_waits_for_a_time",
                condition=Q(state=State.PENDING, next_attempt_at__isnull=False)
                | (~Q(state=State.PENDING) & Q(next_attempt_at=None)),
            ),
            models.CheckConstraint(
                name="delivery_has_a_time_when_delivered",
                condition=Q(state=State.DELIVERED, delivered_at__isnull=False)
                | (~Q(state=State.DELIVERED) & Q(delivered_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "next_attempt_at"], condition=Q(state=State.PENDING), name="delivery_due"
            ),
            models.Index(
                fields=["next_attempt_at"], condition=Q(state=State.PENDING), name="delivery_due_longest"
            ),
            models.Index(
                fields=["webhook"], condition=Q(lease_until__isnull=False), name="delivery_in_flight"
            ),
            models.Index(fields=["webhook", "-created_at"], name="delivery_latest"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.id}"


class Attempt(models.Model):
    """One try to hand a delivery over, and what came of it; kept for 30 days.

    `status` is the HTTP status, empty when there was no answer; then `error` names a class of fault.
    """

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(
        Delivery, verbose_name=_("delivery"), on_delete=models.CASCADE, related_name="tries"
    )
    webhook = models.ForeignKey(
        Webhook, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="tries", db_index=False
    )
    started_at = models.DateTimeField(_("started at"))
    ms = models.PositiveIntegerField(_("milliseconds"))
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=40, blank=True)
    excerpt = models.CharField(_("beginning of the answer"), max_length=512, blank=True)
    is_success = models.BooleanField(_("successful"))

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["webhook", "started_at"], name="attempt_of_endpoint"),
            models.Index(fields=["started_at"], name="attempt_age"),
        ]

    def __str__(self) -> str:
        return f"{self.status or self.error} {self.ms} ms"
