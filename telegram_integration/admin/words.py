"""How bots, their users and updates are worded for staff; the base of their pages."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.caller import actor_of
from accounts.models import User
from core.actor import Actor, Door
from core.errors import DomainError
from events.admin import EVENT_NAMES
from telegram_integration.events import TelegramEvent
from tenants.admin_sites.granting import granted
from webhooks.admin.pages import ActingAdmin

Text = str | Promise

ON, OFF = "on", "off"
SWITCH_COLOURS = {ON: "success", OFF: "danger"}
SWITCH_NAMES: dict[str, Text] = {ON: _("On"), OFF: _("Off")}


def name_events() -> None:
    """Tell the history how what happens to bots and links is called."""
    EVENT_NAMES.update(
        {
            TelegramEvent.BOT_CONNECTED: _("Telegram bot connected"),
            TelegramEvent.BOT_SWITCHED: _("Telegram bot switched on or off"),
            TelegramEvent.UNBLOCKED: _("Telegram user written to again"),
            TelegramEvent.UNLINKED: _("Patient taken off Telegram"),
        }
    )


def actor_in(request: HttpRequest) -> Actor:
    """The signed-in user as an actor."""
    if not isinstance(request.user, User):
        raise TypeError("Only somebody who has signed in gets here.")
    return actor_of(request.user, Door.ADMIN)


class TelegramAdmin(ActingAdmin):
    """A page of this room: its buttons lead to verbs for which `act_verbs` are needed."""

    act_verbs: tuple[str, ...] = ("telegram.write",)

    def has_act_permission(self, request: HttpRequest, object_id: Any = None) -> bool:  # noqa: ARG002  -- unfold's
        """Whether the buttons are shown."""
        return granted(request, *self.act_verbs)

    def act_on_each(
        self, request: HttpRequest, rows: models.QuerySet[Any], act: Callable[[Any], object]
    ) -> None:
        """Act on chosen rows, and say above the list what was refused, and how many were done."""
        done = 0
        for row in list(rows):
            try:
                act(row)
            except DomainError as refusal:
                self.message_user(request, str(refusal), "ERROR")
            else:
                done += 1
        if done:
            self.message_user(request, _("Done: %(count)d.") % {"count": done}, "SUCCESS")
