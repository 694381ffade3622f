"""Names of events and small texts that several pages share."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.utils import display_for_label

from accounts.caller import actor_of
from accounts.models import User
from core.actor import Actor, Door
from events.admin import EVENT_NAMES
from subscriptions.events import SubscriptionEvent
from subscriptions.models import CURRENCY, Subscription, SubscriptionStatus

EVENT_NAMES.update(
    {
        SubscriptionEvent.PLAN_CREATED: _("Plan made"),
        SubscriptionEvent.PLAN_CHANGED: _("Plan changed"),
        SubscriptionEvent.CREATED: _("Subscribed"),
        SubscriptionEvent.STARTED: _("Subscription began"),
        SubscriptionEvent.CHANGED: _("Subscription changed"),
        SubscriptionEvent.RENEWED: _("Subscription renewed"),
        SubscriptionEvent.CANCELLED: _("Subscription cancelled"),
        SubscriptionEvent.ENDED: _("Subscription ended"),
    }
)

STATUS_COLOURS = {
    SubscriptionStatus.UPCOMING: "info",
    SubscriptionStatus.ACTIVE: "success",
    SubscriptionStatus.CANCELLED: "warning",
    SubscriptionStatus.EXPIRED: "default",
}


def actor_in(request: HttpRequest) -> Actor:
    """The signed-in user as an actor."""
    if not isinstance(request.user, User):
        raise TypeError("Only somebody who has signed in gets here.")
    return actor_of(request.user, Door.ADMIN)


def say_price(amount: Decimal) -> str:
    """An amount with its currency."""
    return f"{amount:,.2f} {CURRENCY}"


def say_limit(limit: int | None) -> str:
    """A number, or that there is none."""
    return str(_("any number")) if limit is None else f"{limit:,}"


def status_label(row: Subscription) -> Any:
    """The status as a coloured label, where unfold draws none by itself."""
    return display_for_label((row.status, row.get_status_display()), "-", STATUS_COLOURS)
