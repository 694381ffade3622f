"""Webhooks and what was sent to them, as far as the actor may see them."""

from uuid import UUID

from django.db.models import QuerySet

from core.actor import Actor
from tenants.context import current_hospital, in_public_schema
from webhooks.errors import DeliveryNotFound, WebhookNotFound
from webhooks.models import Attempt, Delivery, Webhook


def webhooks_for(actor: Actor) -> QuerySet[Webhook]:
    """The webhooks of the hospital at hand; all hospitals' for an operator on the platform's own pages."""
    rows = Webhook.objects.filter(removed_at=None)
    if not actor.can("webhooks.read"):
        return rows.none()
    if in_public_schema():
        # A person who runs the platform; nobody else has any business outside of a hospital.
        return rows if actor.user_id is not None and actor.can("hospitals.read") else rows.none()
    return rows.filter(hospital_id=current_hospital().pk)


def webhook_for(actor: Actor, webhook_id: UUID | str) -> Webhook:
    """One webhook with its hospital. Raises `WebhookNotFound`."""
    number = _uuid(webhook_id)
    row = webhooks_for(actor).select_related("hospital").filter(pk=number).first() if number else None
    if row is None:
        raise WebhookNotFound
    return row


def deliveries_for(actor: Actor) -> QuerySet[Delivery]:
    """What was or is to be sent to those webhooks, newest first."""
    return Delivery.objects.filter(webhook__in=webhooks_for(actor))


def delivery_for(actor: Actor, delivery_id: UUID | str) -> Delivery:
    """One delivery with its webhook. Raises `DeliveryNotFound`."""
    number = _uuid(delivery_id)
    rows = deliveries_for(actor).select_related("webhook", "webhook__hospital")
    row = rows.filter(pk=number).first() if number else None
    if row is None:
        raise DeliveryNotFound
    return row


def attempts_for(actor: Actor) -> QuerySet[Attempt]:
    """Each try to hand one of those deliveries over, newest first."""
    return Attempt.objects.filter(webhook__in=webhooks_for(actor))


def _uuid(text: UUID | str) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
