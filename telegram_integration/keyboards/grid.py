"""Buttons side by side, and lists of them a page at a time."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from telegram_integration.callbacks import pack_int
from telegram_integration.cards import Button, Rows
from telegram_integration.turn import Turn

T = TypeVar("T")

# What fits into a button that has the card's width, and into half of it, on a small telephone.
FULL, HALF = 60, 20
# The actions that only say something, or nothing at all: see handlers/idle.py.
IDLE, NOTHING_FREE = "n", "d"


def grid(buttons: Iterable[Button], width: int) -> Rows:
    """The buttons in rows of so many."""
    left = list(buttons)
    return tuple(tuple(left[first : first + width]) for first in range(0, len(left), width))


def width_for(labels: Sequence[str]) -> int:
    """Two to a row where all the labels are short, else one."""
    return 2 if all(len(label) <= HALF for label in labels) else 1


def page_of(items: Sequence[T], page: int, size: int) -> Sequence[T]:
    """One page of a list, counted from 0."""
    return items[page * size : (page + 1) * size]


def turning(turn: Turn, action: str, *arguments: str, page: int, is_last: bool, in_time: bool = True) -> Rows:
    """The row that turns the pages of a list; the page comes after the arguments. None for a single page.

    `in_time` says that what is listed comes one after another in time.
    """
    back, on = (_("« Earlier"), _("Later »")) if in_time else ("«", "»")
    row = []
    if page > 0:
        row.append(turn.button(back, action, *arguments, pack_int(page - 1)))
    if not is_last:
        row.append(turn.button(on, action, *arguments, pack_int(page + 1)))
    return (tuple(row),) if row else ()
