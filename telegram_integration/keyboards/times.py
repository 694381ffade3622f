"""The times of a day under morning, afternoon and evening."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.actions.wording import short_day_in_words
from bookings.queries.availability import OfferedSlot
from core import clock
from telegram_integration.callbacks import pack_day, pack_instant
from telegram_integration.cards import Button, Rows
from telegram_integration.keyboards.grid import IDLE, grid, page_of, turning
from telegram_integration.keyboards.ways import Way
from telegram_integration.turn import Turn

# With headings and the way back it stays below the hundred buttons that a message may have.
TIMES_A_PAGE = 60
_NOON, _EVENING = 12, 17
# Buttons to a row: short times, and times with something beside them.
_NARROW, _WIDE = 4, 3


@dataclass(frozen=True, slots=True)
class Start:
    """When a visit can begin, on the hospital's clocks; `seats` are those of all who have it."""

    local: datetime
    seats: int


def starts_of(slots: Iterable[OfferedSlot]) -> list[Start]:
    """Each start once, in order, whoever has it."""
    seats: Counter[int] = Counter()
    zones: dict[int, str] = {}
    for slot in slots:
        seats[slot.start] += slot.seats_left
        zones[slot.start] = slot.zone
    return [
        Start(clock.from_epoch(start).astimezone(clock.zone(zones[start])), seats[start])
        for start in sorted(seats)
    ]


def clock_label(local: datetime) -> str:
    """``09:30``; in the hour that the clocks repeat with the zone's letters, as there are two of them."""
    text = f"{local:%H:%M}"
    return f"{text} {local:%Z}" if _is_repeated(local) else text


def time_rows(
    turn: Turn, way: Way, day: date, starts: Sequence[Start], *, with_seats: bool, page: int = 0
) -> Rows:
    """The times of a day as buttons, each part of the day under its heading, with seats where they count."""
    shown = page_of(starts, page, TIMES_A_PAGE)
    rows: list[tuple[Button, ...]] = []
    for heading, of_part in groupby(shown, key=lambda start: _part_of_day(start.local)):
        rows.append((turn.button(heading, IDLE),))
        rows += _times(turn, way, list(of_part), with_seats=with_seats)
    is_last = (page + 1) * TIMES_A_PAGE >= len(starts)
    return (*rows, *turning(turn, way.day, *way.arguments, pack_day(day), page=page, is_last=is_last))


def other_rows(turn: Turn, way: Way, slots: Iterable[OfferedSlot]) -> Rows:
    """Slots of other days, each with its day, one to a row."""
    return tuple(
        (_slot(turn, way, start, f"{short_day_in_words(start.local.date())}, {clock_label(start.local)}"),)
        for start in starts_of(slots)
    )


def _times(turn: Turn, way: Way, starts: list[Start], *, with_seats: bool) -> Rows:
    def label(start: Start) -> str:
        text = clock_label(start.local)
        return f"{text} ({start.seats})" if with_seats else text

    labels = [label(start) for start in starts]
    width = _NARROW if max(map(len, labels)) <= len("00:00") else _WIDE
    return grid((_slot(turn, way, *pair) for pair in zip(starts, labels, strict=True)), width)


def _slot(turn: Turn, way: Way, start: Start, label: str) -> Button:
    return turn.button(label, way.slot, *way.arguments, pack_instant(start.local))


def _part_of_day(local: datetime) -> str:
    if local.hour < _NOON:
        return _("Morning")
    return _("Afternoon") if local.hour < _EVENING else _("Evening")


def _is_repeated(local: datetime) -> bool:
    zone = local.tzinfo
    if not isinstance(zone, ZoneInfo):
        return False
    wall = local.replace(fold=0, tzinfo=None)
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() != second.utcoffset()
