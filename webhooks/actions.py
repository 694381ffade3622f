"""What a hospital does with its webhooks. Each verb leaves its event in the hospital's history."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record
from jobs import queue
from tenants.context import current_hospital, inside
from tenants.models import Hospital
from webhooks.errors import DeliveryUnderWay, TooManyWebhooks, WebhookInactive, WebhookNotFound
from webhooks.events import EVERYTHING, PUBLIC_EVENTS, WebhookEvent, payload_of
from webhooks.guard import check_url
from webhooks.keyring import seal_secret
from webhooks.models import Delivery, State, Webhook, Why
from webhooks.queries import delivery_for, webhook_for
from webhooks.recovery import LANE as RECOVERY_LANE
from webhooks.recovery import RECOVER
from webhooks.signature import new_secret
from webhooks.switching import switch_off
from webhooks.waking import wake_dispatcher

MOST_WEBHOOKS = 20
LONGEST_DESCRIPTION = 200
# How long the secret before the present one still signs.
BOTH_SECRETS_FOR = timedelta(hours=24)
# Older events are not sent again: what was delivered is known for so long.
RECOVERABLE = timedelta(days=30)


def register_webhook(
    actor: Actor, *, url: str, events: Sequence[str], description: str = ""
) -> tuple[Webhook, str]:
    """Have events of the hospital at hand sent to an address; return the row and its secret.

    The secret is never to be had again. Raises `InvalidInput` (webhook_url, events, description),
    `TooManyWebhooks`.
    """
    actor.require("webhooks.write")
    hospital, secret = current_hospital(), new_secret()
    fields = _checked(url=url, events=events, description=description)
    row = Webhook(hospital=hospital, **fields)
    row.secret = seal_secret(row.pk, secret)
    with transaction.atomic():
        # One after the other, so that two at once do not pass the limit together.
        Hospital.objects.select_for_update(no_key=True).get(pk=hospital.pk)
        if Webhook.objects.filter(hospital=hospital, removed_at=None).count() >= MOST_WEBHOOKS:
            raise TooManyWebhooks(MOST_WEBHOOKS)
        row.save(force_insert=True)
        _record(actor, WebhookEvent.REGISTERED, row, data={"events": row.events})
    return row, secret


def change_webhook(
    actor: Actor,
    *,
    webhook_id: UUID | str,
    url: str | None = None,
    events: Sequence[str] | None = None,
    description: str | None = None,
) -> Webhook:
    """Change what is given. What was queued already goes to the new address too.

    Raises `WebhookNotFound`, `InvalidInput`.
    """
    given = {"url": url, "events": events, "description": description}
    with _changing(actor, webhook_id) as row:
        fields = _checked(**{name: value for name, value in given.items() if value is not None})
        before = {name: getattr(row, name) for name in fields if getattr(row, name) != fields[name]}
        for name in before:
            setattr(row, name, fields[name])
        if "url" in before:
            # What the old address did tells nothing of the new one.
            _forget_failures(row)
        if before:
            row.save()
            changes = {name: [old, fields[name]] for name, old in before.items()}
            _record(actor, WebhookEvent.CHANGED, row, changes=changes)
    return row


def remove_webhook(actor: Actor, *, webhook_id: UUID | str) -> None:
    """Send nothing more and forget the secret; its rows go with the clean-up. Raises `WebhookNotFound`."""
    with _changing(actor, webhook_id) as row:
        row.removed_at = clock.now()
        row.secret, row.previous_secret, row.previous_secret_until = "", "", None
        switch_off(row, Why.ASKED)
        _record(actor, WebhookEvent.REMOVED, row)


def rotate_secret(actor: Actor, *, webhook_id: UUID | str) -> tuple[Webhook, str]:
    """Give a webhook a new secret and return it; for 24 hours both sign, by the database's clock.

    Rotating again meanwhile ends the oldest at once. Raises `WebhookNotFound`.
    """
    secret = new_secret()
    with _changing(actor, webhook_id) as row:
        row.previous_secret, row.previous_secret_until = row.secret, Now() + BOTH_SECRETS_FOR
        row.secret = seal_secret(row.pk, secret)
        row.save(update_fields=["secret", "previous_secret", "previous_secret_until", "updated_at"])
        row.refresh_from_db(fields=["previous_secret_until"])
        _record(actor, WebhookEvent.SECRET_ROTATED, row)
    return row, secret


def deactivate(actor: Actor, *, webhook_id: UUID | str) -> Webhook:
    """Send nothing more until `reactivate`; what waits is kept for `recover`. Raises `WebhookNotFound`."""
    with _changing(actor, webhook_id) as row:
        if row.is_active:
            switch_off(row, Why.ASKED)
            _record(actor, WebhookEvent.DISABLED, row, data={"why": Why.ASKED})
    return row


def reactivate(actor: Actor, *, webhook_id: UUID | str) -> Webhook:
    """Switch a webhook on again, with its failures forgotten. Raises `WebhookNotFound`.

    What happened meanwhile is sent when `recover` asks for it.
    """
    with _changing(actor, webhook_id) as row:
        if not row.is_active:
            row.is_active, row.disabled_at, row.disabled_why = True, None, ""
            _forget_failures(row)
            row.save()
            _record(actor, WebhookEvent.REACTIVATED, row)
    return row


def send_test(actor: Actor, *, webhook_id: UUID | str) -> Delivery:
    """Queue a ``webhook.test`` for this endpoint alone, tried once.

    An endpoint that is not tried for the moment, as it keeps failing, is tried at once. Raises
    `WebhookNotFound`, `WebhookInactive`.
    """
    with _changing(actor, webhook_id) as row:
        _try_at_once(row)
        event = _record(actor, WebhookEvent.TESTED, row)
        delivery = Delivery.objects.create(
            webhook=row,
            event_id=event.pk,
            event_at=event.occurred_at,
            event_type=event.type,
            payload=payload_of(event, row.hospital),
        )
        wake_dispatcher()
    delivery.refresh_from_db()
    return delivery


def resend(actor: Actor, *, delivery_id: UUID | str) -> Delivery:
    """Send a delivery now, under its old id and with the whole schedule of attempts before it.

    Raises `DeliveryNotFound`, `WebhookInactive`, and `DeliveryUnderWay` for one that is being sent right now.
    """
    actor.require("webhooks.write")
    seen = delivery_for(actor, delivery_id)
    with _changing(actor, seen.webhook_id) as row:
        _try_at_once(row)
        delivery = Delivery.objects.select_for_update().get(pk=seen.pk)
        if Delivery.objects.filter(pk=seen.pk, lease_until__gt=Now()).exists():
            raise DeliveryUnderWay
        delivery.state, delivery.attempts, delivery.delivered_at = State.PENDING, 0, None
        delivery.next_attempt_at, delivery.lease_until = Now(), None
        delivery.save()
        _record(actor, WebhookEvent.RESENT, row, data={"delivery": delivery.pk})
        wake_dispatcher()
    delivery.refresh_from_db()
    return delivery


def recover(actor: Actor, *, webhook_id: UUID | str, since: datetime) -> Webhook:
    """Queue again whatever of the subscribed types happened since a time (aware) and was not delivered.

    A job does it, some hundred events at a time; `recovering_since` of the webhook is set while it runs and
    `recovered` counts. Raises `WebhookNotFound`, `WebhookInactive`, `InvalidInput` (since): not in the
    future, not longer ago than 30 days.
    """
    with _changing(actor, webhook_id) as row:
        if not clock.now() - RECOVERABLE <= since <= clock.now():
            raise InvalidInput(since=_("Choose a time of the last 30 days."))
        _try_at_once(row)
        row.recovering_since = min(since, row.recovering_since or since)
        row.recovering_after, row.recovered = None, 0
        row.save(update_fields=["recovering_since", "recovering_after", "recovered", "updated_at"])
        _record(actor, WebhookEvent.RECOVERED, row, data={"since": since})
        queue.put(RECOVER, row.pk, lane=RECOVERY_LANE)
    return row


@contextmanager
def _changing(actor: Actor, webhook_id: UUID | str) -> Iterator[Webhook]:
    """A webhook, locked, inside of its hospital and in one transaction."""
    actor.require("webhooks.write")
    seen = webhook_for(actor, webhook_id)
    with inside(seen.hospital), transaction.atomic():
        rows = Webhook.objects.select_for_update(no_key=True)
        row = rows.filter(pk=seen.pk, removed_at=None).first()
        if row is None:
            raise WebhookNotFound
        row.hospital = seen.hospital
        yield row


def _checked(**fields: Any) -> dict[str, Any]:
    """Fields as they are stored. Raises `InvalidInput`."""
    if "url" in fields:
        fields["url"] = check_url(fields["url"])
    if "events" in fields:
        fields["events"] = _checked_events(fields["events"])
    if len(fields.get("description", "")) > LONGEST_DESCRIPTION:
        raise InvalidInput(description=_("This is too long."))
    return fields


def _checked_events(events: Sequence[str]) -> list[str]:
    """The types once each in their usual order; ``*`` stands alone."""
    wanted, known = set(events), (*PUBLIC_EVENTS, EVERYTHING)
    if not wanted or not wanted <= set(known):
        raise InvalidInput(events=_("Choose one or more of the event types, or * for all of them."))
    return [EVERYTHING] if EVERYTHING in wanted else [name for name in known if name in wanted]


def _forget_failures(row: Webhook) -> None:
    row.consecutive_failures, row.failing_since, row.open_until, row.is_slow = 0, None, None, False


def _try_at_once(row: Webhook) -> None:
    """Let one attempt through, if the endpoint's failures keep them back. Raises `WebhookInactive`."""
    if not row.is_active:
        raise WebhookInactive
    if row.open_until is not None:
        row.open_until = None
        row.save(update_fields=["open_until"])


def _record(actor: Actor, kind: WebhookEvent, row: Webhook, **told: Any) -> Any:
    return record(actor, kind, subject_type="webhook", subject_id=row.pk, **told)
