"""Refusals about webhooks."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Kind, NotFound


class WebhookNotFound(NotFound):
    """This hospital has no webhook with that id."""

    reason = "webhook_not_found"
    text = _("There is no such webhook.")


class DeliveryNotFound(NotFound):
    """This hospital has no delivery with that id, or not any more."""

    reason = "delivery_not_found"
    text = _("There is no such delivery.")


class WebhookInactive(DomainError):
    """The webhook is switched off: nothing is sent to it."""

    kind = Kind.CONFLICT
    reason = "webhook_inactive"
    text = _("This webhook is switched off. Switch it on first.")


class DeliveryUnderWay(DomainError):
    """The delivery is being sent at this moment."""

    kind = Kind.CONFLICT
    reason = "delivery_under_way"
    text = _("This delivery is being sent at this moment.")


class TooManyWebhooks(DomainError):
    """The hospital has as many webhooks as it may have; `limit` tells how many."""

    kind = Kind.CONFLICT
    reason = "too_many_webhooks"
    text = _("There are as many webhooks as there may be. Remove one first.")

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
