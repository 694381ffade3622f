"""The main menu, and the ways back to it."""

from dataclasses import replace

from django.utils.translation import gettext as _

from telegram_integration.cards import Card, Reply, show
from telegram_integration.handlers.registering import greet
from telegram_integration.leaving import leave
from telegram_integration.routes import on_command, on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import strays
from telegram_integration.words.menu import menu_card


def home(turn: Turn, line: str = "") -> Reply:
    """The main menu, under a line of HTML; for whoever is no patient here yet, the way to become one."""
    return show(menu_card(turn, line)) if turn.is_linked else greet(turn, line)


@on_tap("m")
def open_menu(turn: Turn) -> Reply:
    """The main menu; what was being asked is left."""
    left = leave(turn)
    reply = home(turn)
    return replace(reply, cards=(*reply.cards, *left))


@on_tap("x")
def leave_by_tap(turn: Turn) -> Reply:
    """Leave whatever is open."""
    left = leave(turn)
    return Reply(cards=(_left(turn), *left))


@on_command("cancel")
def leave_by_command(turn: Turn) -> Reply:
    """Leave whatever is open."""
    turn.forget()
    return show(_left(turn))


@on_command("menu")
def menu_by_command(turn: Turn) -> Reply:
    """The main menu."""
    turn.forget()
    return home(turn)


def _left(turn: Turn) -> Card:
    """Strangers are not asked again at once: they have just left the question."""
    if turn.is_linked:
        return menu_card(turn, strays.left_aside())
    return Card(text=strays.left_aside(), rows=((turn.button(_("Start again"), "m"),),))
