"""Intervals of a week as they are planned, before they become windows of a rule book."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

_MIDNIGHT = time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Hours of one weekday (0 is Monday) in the practitioner's zone; midnight as an end is the day's end."""

    weekday: int
    start: time
    end: time
    valid_from: date | None = None
    valid_until: date | None = None


def ends_after(start: time, end: time) -> bool:
    """Whether an interval of one day is none too short: midnight as an end is the end of the day."""
    return end > start or end == _MIDNIGHT


def overlapping(intervals: Iterable[Interval]) -> tuple[Interval, Interval] | None:
    """Two intervals of one weekday that hold at the same time on some date, if there are any."""
    before: list[Interval] = []
    for one in sorted(intervals, key=lambda each: (each.weekday, each.start)):
        for other in before:
            same_day = other.weekday == one.weekday and _shares_a_day(one, other)
            if same_day and (other.end == _MIDNIGHT or one.start < other.end):
                return other, one
        before.append(one)
    return None


def _shares_a_day(one: Interval, other: Interval) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_until or date.max, other.valid_until or date.max)
