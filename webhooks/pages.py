"""Long lists a page at a time, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from core.actor import Actor
from webhooks.errors import DeliveryNotFound
from webhooks.models import Delivery, Webhook
from webhooks.queries import deliveries_for, delivery_for, webhook_for, webhooks_for

Row = TypeVar("Row", Webhook, Delivery)
Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some of the rows, how many there are in all, and where to go on (None at the end)."""

    rows: list[Row]
    count: int
    next_after: Place | None


def page_of_webhooks_for(actor: Actor, *, after: Place | None = None, limit: int = 20) -> Page[Webhook]:
    """The hospital's webhooks. `after` is the `next_after` of the page before."""
    return _page(webhooks_for(actor), after, limit)


def page_of_deliveries_for(
    actor: Actor,
    *,
    webhook_id: UUID,
    state: str | None = None,
    since: datetime | None = None,
    after: Place | None = None,
    limit: int = 20,
) -> Page[Delivery]:
    """What was or is to be sent to one webhook, in a state and since a time. Raises `WebhookNotFound`."""
    wanted = {"state": state, "created_at__gte": since}
    given = {name: value for name, value in wanted.items() if value is not None}
    rows = deliveries_for(actor).filter(webhook=webhook_for(actor, webhook_id), **given)
    return _page(rows, after, limit)


def delivery_of_webhook_for(actor: Actor, *, webhook_id: UUID, delivery_id: UUID) -> Delivery:
    """One delivery of one webhook. Raises `WebhookNotFound`, `DeliveryNotFound`."""
    webhook = webhook_for(actor, webhook_id)
    row = delivery_for(actor, delivery_id)
    if row.webhook_id != webhook.pk:
        raise DeliveryNotFound
    return row


def _page(rows: QuerySet[Any], after: Place | None, limit: int) -> Page[Any]:
    rest = rows.order_by("-created_at", "-id")
    if after is not None:
        moment, key = after
        rest = rest.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=key))
    found = list(rest[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    next_after = (last.created_at, str(last.pk)) if last is not None else None
    return Page(found[:limit], rows.count(), next_after)
