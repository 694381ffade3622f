"""What somebody wanted before they had to say who they are; they get to it afterwards."""

from dataclasses import replace
from typing import Any

from core.errors import DomainError
from telegram_integration.callbacks import BadTap, Tap
from telegram_integration.cards import Reply, show
from telegram_integration.refusals import refused
from telegram_integration.routes import COMMANDS, TAPS, Handler
from telegram_integration.turn import Turn
from telegram_integration.words.menu import menu_card

# As a draft keeps it: {"command": [name, text]} or {"tap": [action, argument, …]}; empty for nothing.
Wanted = dict[str, list[str]]


def wanted_of(turn: Turn) -> Wanted:
    """What a turn is about, to come back to."""
    if turn.tap is not None:
        return {"tap": [turn.tap.action, *turn.tap.arguments]}
    return {"command": [turn.command, turn.text]} if turn.command else {}


def go_on(turn: Turn, wanted: Any) -> Reply:
    """Do what was wanted, as the patient that they are now; the main menu where that was nothing."""
    found = _resolve(turn, wanted)
    if found is None:
        return show(menu_card(turn))
    handler, again = found
    try:
        return handler(again)
    except BadTap:
        return show(menu_card(turn))
    except DomainError as refusal:
        return refused(turn, refusal)


def _resolve(turn: Turn, wanted: Any) -> tuple[Handler, Turn] | None:
    plain = replace(turn, command="", text="", contact=None, tap=None)
    match wanted:
        case {"command": [name, text]} if name in COMMANDS:
            return COMMANDS[name].handler, replace(plain, command=name, text=text)
        case {"tap": [action, *arguments]} if action in TAPS and turn.hospital is not None:
            tap = Tap(action, turn.hospital.pk, tuple(arguments))
            return TAPS[action].handler, replace(plain, tap=tap)
        case _:
            return None
