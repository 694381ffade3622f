"""Buttons that lead nowhere: headings, and days that cannot be chosen."""

from django.utils.translation import gettext as _

from telegram_integration.cards import Reply
from telegram_integration.handlers.arguments import argument_or
from telegram_integration.keyboards.grid import IDLE, NOTHING_FREE
from telegram_integration.routes import on_tap
from telegram_integration.turn import Turn


@on_tap(IDLE)
def say_why(turn: Turn) -> Reply:
    """Say over a day why it cannot be chosen; everything stays as it is."""
    why = argument_or(turn, 0, str, "")
    return Reply(toast=_("Nothing is free on this day.") if why == NOTHING_FREE else "")
