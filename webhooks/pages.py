"""Long lists a page at a time, newest first."""

from datetime import datetime
from uuid import UUID

from core.actor import Actor
from core.pages import Page, Place, page_of
from webhooks.errors import DeliveryNotFound
from webhooks.models import Delivery, Webhook
from webhooks.queries import deliveries_for, delivery_for, webhook_for, webhooks_for


def page_of_webhooks_for(actor: Actor, *, after: Place | None = None, limit: int = 20) -> Page[Webhook]:
    """The hospital's webhooks. `after` is the `next_after` of the page before."""
    return page_of(webhooks_for(actor), after=after, limit=limit)


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
    return page_of(rows, after=after, limit=limit)


def delivery_of_webhook_for(actor: Actor, *, webhook_id: UUID, delivery_id: UUID) -> Delivery:
    """One delivery of one webhook. Raises `WebhookNotFound`, `DeliveryNotFound`."""
    webhook = webhook_for(actor, webhook_id)
    row = delivery_for(actor, delivery_id)
    if row.webhook_id != webhook.pk:
        raise DeliveryNotFound
    return row
