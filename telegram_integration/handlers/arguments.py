"""What a tapped button says besides its action."""

from collections.abc import Callable
from typing import TypeVar

from telegram_integration.callbacks import BadTap
from telegram_integration.turn import Turn

T = TypeVar("T")


def argument(turn: Turn, place: int, unpack: Callable[[str], T]) -> T:
    """The argument at a place, counted from 0. Raises `BadTap`, also where there is none."""
    given = turn.tap.arguments if turn.tap is not None else ()
    if place >= len(given):
        raise BadTap
    return unpack(given[place])


def argument_or(turn: Turn, place: int, unpack: Callable[[str], T], otherwise: T) -> T:
    """The argument at a place, or `otherwise` where there is none. Raises `BadTap`."""
    given = turn.tap.arguments if turn.tap is not None else ()
    return unpack(given[place]) if place < len(given) else otherwise
