"""How webhooks and their deliveries are worded for staff."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.caller import actor_of
from accounts.models import User
from core.actor import Actor, Door
from events.admin import EVENT_NAMES
from webhooks.events import EVERYTHING, PUBLIC_EVENTS, TEST, WebhookEvent
from webhooks.health import Condition
from webhooks.models import State

Text = str | Promise

CONDITION_COLOURS = {
    Condition.OFF: "danger",
    Condition.PAUSED: "danger",
    Condition.FAILING: "warning",
    Condition.SLOW: "warning",
    Condition.HEALTHY: "success",
    Condition.IDLE: "default",
}
STATE_COLOURS = {
    State.PENDING: "info",
    State.DELIVERED: "success",
    State.FAILED: "danger",
    State.KEPT: "warning",
}
# Short, for labels.
STATE_NAMES: dict[str, Text] = {**dict(State.choices), State.KEPT: _("Kept")}
CHOICES: dict[str, Text] = {**PUBLIC_EVENTS, EVERYTHING: _("Everything, also what is still to come")}
TYPES: dict[str, Text] = {**PUBLIC_EVENTS, TEST: _("Test")}

# The client's words for why there was no answer.
ERRORS: dict[str, Text] = {
    "refused_url": _("This address is not allowed"),
    "refused_address": _("The host is in a network that is not allowed"),
    "name_not_resolved": _("The host is not known"),
    "connection_failed": _("No connection"),
    "tls": _("The certificate is not valid"),
    "timeout": _("No answer in time"),
    "bad_response": _("The answer was not understood"),
    "redirect": _("It sent us elsewhere, which is not followed"),
}


def name_events() -> None:
    """Tell the history how what happens to webhooks is called."""
    EVENT_NAMES.update(
        {
            WebhookEvent.REGISTERED: _("Webhook registered"),
            WebhookEvent.CHANGED: _("Webhook changed"),
            WebhookEvent.REMOVED: _("Webhook removed"),
            WebhookEvent.SECRET_ROTATED: _("Webhook's secret renewed"),
            WebhookEvent.DISABLED: _("Webhook switched off"),
            WebhookEvent.REACTIVATED: _("Webhook switched on"),
            WebhookEvent.TESTED: _("Webhook tried out"),
            WebhookEvent.RESENT: _("Delivery sent again"),
            WebhookEvent.RECOVERED: _("Missed events sent again"),
        }
    )


def actor_in(request: HttpRequest) -> Actor:
    """The signed-in user as an actor."""
    if not isinstance(request.user, User):
        raise TypeError("Only somebody who has signed in gets here.")
    return actor_of(request.user, Door.ADMIN)


def refused(model_admin: admin.ModelAdmin, request: HttpRequest, about: object, refusal: Exception) -> None:
    """Say above the page that something was not done to one record, and why."""
    model_admin.message_user(request, f"{about}: {refusal}", "ERROR")
