"""Webhooks on the wire: ids are strings, times have the hospital's offset."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bookings.serializers.fields import WireInteger, WireText
from core.clock import local_iso, to_epoch
from tenants.context import current_hospital
from webhooks.events import EVERYTHING, PUBLIC_EVENTS, message
from webhooks.health import Condition, Health
from webhooks.models import Attempt, Delivery, State, Webhook, Why

EVENTS = [*PUBLIC_EVENTS, EVERYTHING]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class WireMoment(serializers.DateTimeField):
    """ISO 8601 with an offset: without one nobody knows which moment is meant."""

    default_error_messages = {
        "invalid": _("Write the time with its offset, such as 2026-11-20T10:00:00+07:00."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        """The moment."""
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            self.fail("invalid")
        try:
            # In UTC: PostgreSQL takes no offset of sixteen hours or more.
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid")


class WireFlag(serializers.BooleanField):
    """JSON's true or false, and no word for it."""

    def to_internal_value(self, data: Any) -> bool:
        """The value."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class HealthSerializer(serializers.Serializer):
    """How the endpoint has fared in the last 24 hours."""

    condition = serializers.ChoiceField(
        choices=Condition.choices,
        help_text="PAUSED: it kept failing, so that only now and then one attempt is let through.",
    )
    attempts = serializers.IntegerField()
    success_ratio = serializers.FloatField(allow_null=True, help_text="From 0 to 1; null without attempts.")
    p95_ms = serializers.IntegerField(
        allow_null=True, help_text="95 of 100 attempts took no longer (milliseconds)."
    )
    waiting = serializers.IntegerField(help_text="Deliveries that are still to be made.")
    oldest_waiting = serializers.DateTimeField(allow_null=True, help_text="When the oldest was queued.")
    kept = serializers.IntegerField(help_text="Deliveries that recovering makes.")
    consecutive_failures = serializers.IntegerField()
    failing_since = serializers.DateTimeField(allow_null=True)
    not_tried_before = serializers.DateTimeField(allow_null=True)


class WebhookSerializer(serializers.Serializer):
    """An address that events are sent to. Give `context={"health": health_of(rows)}`."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    events = serializers.ListField(child=serializers.ChoiceField(choices=EVENTS))
    description = serializers.CharField()
    is_active = serializers.BooleanField()
    disabled_at = serializers.DateTimeField(allow_null=True)
    disabled_why = serializers.ChoiceField(
        choices=Why.choices,
        allow_null=True,
        help_text="GONE: it answered 410. FAILING: for five days no attempt was successful.",
    )
    previous_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then messages are signed with the secret before this one too."
    )
    recovering_since = serializers.DateTimeField(
        allow_null=True, help_text="While events since that time are being queued again."
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    health = HealthSerializer()

    def to_representation(self, row: Webhook) -> dict[str, Any]:
        """The declared fields, written out."""
        return {
            "id": str(row.pk),
            "url": row.url,
            "events": row.events,
            "description": row.description,
            "is_active": row.is_active,
            "disabled_at": _local(row.disabled_at),
            "disabled_why": row.disabled_why or None,
            "previous_secret_until": _local(row.previous_secret_until),
            "recovering_since": _local(row.recovering_since),
            "created_at": _local(row.created_at),
            "updated_at": _local(row.updated_at),
            "health": _health(row, self.context["health"][row.pk]),
        }


class WebhookWithSecretSerializer(WebhookSerializer):
    """A webhook and its secret, at the only moment when it is told. Give `context={"secret": …}` too."""

    secret = serializers.CharField(
        help_text="Keep it: it is told this once. What you verify signatures with."
    )

    def to_representation(self, row: Webhook) -> dict[str, Any]:
        """The declared fields, written out."""
        return {**super().to_representation(row), "secret": self.context["secret"]}


class WebhookPageSerializer(serializers.Serializer):
    """A page of a hospital's webhooks."""

    results = WebhookSerializer(many=True)
    count = serializers.IntegerField()
    next_cursor = serializers.CharField(allow_null=True)


class DeliverySerializer(serializers.Serializer):
    """One event for one webhook. Its id is the `webhook-id` of every attempt."""

    id = serializers.UUIDField()
    event = serializers.CharField()
    state = serializers.ChoiceField(
        choices=State.choices,
        help_text="KEPT: the webhook was switched off before it was delivered; recovering sends it.",
    )
    attempt_count = serializers.IntegerField(help_text="Since it was queued or sent again.")
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, row: Delivery) -> dict[str, Any]:
        """The declared fields, written out."""
        return {
            "id": str(row.pk),
            "event": row.event_type,
            "state": row.state,
            "attempt_count": row.attempts,
            "next_attempt_at": _local(row.next_attempt_at),
            "created_at": _local(row.created_at),
            "delivered_at": _local(row.delivered_at),
        }


class AttemptSerializer(serializers.Serializer):
    """One try to hand a delivery over, kept for 30 days."""

    started_at = serializers.DateTimeField()
    duration_ms = serializers.IntegerField()
    is_success = serializers.BooleanField()
    status = serializers.IntegerField(allow_null=True, help_text="The HTTP status; null without an answer.")
    error = serializers.CharField(
        help_text="Why no answer counts: timeout, refused_address, tls, …; or empty."
    )
    answer = serializers.CharField(help_text="The beginning of the answer's body.")

    def to_representation(self, row: Attempt) -> dict[str, Any]:
        """The declared fields, written out."""
        return {
            "started_at": _local(row.started_at),
            "duration_ms": row.ms,
            "is_success": row.is_success,
            "status": row.status,
            "error": row.error,
            "answer": row.excerpt,
        }


class DeliveryDetailSerializer(DeliverySerializer):
    """A delivery with what is sent and what came of each attempt. Give `context={"attempts": rows}`."""

    body = serializers.DictField(help_text="The message as it is sent.")
    attempts = AttemptSerializer(many=True, help_text="Newest first, earlier rounds included.")

    def to_representation(self, row: Delivery) -> dict[str, Any]:
        """The declared fields, written out."""
        attempts = AttemptSerializer(self.context["attempts"], many=True).data
        body = json.loads(message(row.pk, row.payload))
        return {**super().to_representation(row), "body": body, "attempts": attempts}


class DeliveryPageSerializer(serializers.Serializer):
    """A page of what was or is to be sent."""

    results = DeliverySerializer(many=True)
    count = serializers.IntegerField()
    next_cursor = serializers.CharField(allow_null=True)


@extend_schema_field(OpenApiTypes.STR)
class WireUrl(WireText):
    """A URL; what may be one is the guard's to say."""


class RegisterWebhookSerializer(serializers.Serializer):
    """Register a webhook."""

    webhook_url = WireUrl(max_length=2000, help_text="https, on port 443 or 8443.")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), help_text="`*` means all of them, also those to come."
    )
    description = WireText(required=False, allow_blank=True, max_length=200, help_text="For people.")


class ChangeWebhookSerializer(serializers.Serializer):
    """Change what is given."""

    webhook_url = WireUrl(required=False, max_length=2000, help_text="https, on port 443 or 8443.")
    events = serializers.ListField(child=serializers.ChoiceField(choices=EVENTS), required=False)
    description = WireText(required=False, allow_blank=True, max_length=200, help_text="For people.")
    is_active = WireFlag(
        required=False, help_text="Off: nothing is sent, and what waits is kept to be recovered."
    )


class RecoverSerializer(serializers.Serializer):
    """Send again what was missed."""

    since = WireMoment(help_text="At most 30 days ago.")


class _PagingSerializer(serializers.Serializer):
    cursor = WireText(
        required=False, allow_blank=True, max_length=200, help_text="`next_cursor` of the page before."
    )
    limit = WireInteger(
        required=False, min_value=1, max_value=100, default=20, help_text="How many on a page, at most."
    )


class WebhookListSerializer(_PagingSerializer):
    """Which page of the webhooks."""


class DeliveryListSerializer(_PagingSerializer):
    """Which deliveries."""

    state = serializers.ChoiceField(
        choices=State.choices, required=False, help_text="Those that stand there."
    )
    since = WireMoment(
        required=False, help_text="Those queued since then, such as 2026-11-20T10:00:00+07:00."
    )


def _health(row: Webhook, health: Health) -> dict[str, Any]:
    return {
        "condition": health.condition,
        "attempts": health.attempts,
        "success_ratio": health.success_ratio,
        "p95_ms": health.p95_ms,
        "waiting": health.waiting,
        "oldest_waiting": _local(health.oldest_waiting),
        "kept": health.kept,
        "consecutive_failures": row.consecutive_failures,
        "failing_since": _local(row.failing_since),
        "not_tried_before": _local(row.open_until),
    }


def _local(moment: datetime | None) -> str | None:
    return None if moment is None else local_iso(to_epoch(moment), current_hospital().timezone)
