"""Working hours as instants: rules 1 and 2 of `bookings.rules.slots`.

Days are proleptic ordinals (`date.toordinal`), instants integer epoch seconds.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from bookings.rules.rulebook import (
    DatedWindow,
    Hours,
    PractitionerRules,
    RuleBook,
    Span,
    WeeklyWindow,
)

# zoneinfo keeps only the last eight zones alive and reads the others from disk again.
zone_named = lru_cache(maxsize=1_024)(ZoneInfo)


# Shared by all books: a conversion outlives the version of the rules that asked for it.
@lru_cache(maxsize=32_768)
def edge_instant(zone: str, day: int, minute: int) -> int:
    """Return the first instant at which the clock of `zone` shows the wall time or a later one.

    `minute` counts from local midnight, 0 to 1440; 1440 is the first instant of the next date.
    """
    tz = zone_named(zone)
    wall = datetime.combine(date.fromordinal(day), time()) + timedelta(minutes=minute)
    first = int(wall.replace(tzinfo=tz).timestamp())
    second = int(wall.replace(tzinfo=tz, fold=1).timestamp())
    if first <= second:
        return first
    # A gap: PEP 495 puts the two readings of a time that does not exist after and before
    # the change, so that the change itself is somewhere between them.
    between = range(second, first)
    return second + bisect_left(between, wall, key=lambda instant: _clock(tz, instant))


def _clock(tz: ZoneInfo, instant: int) -> datetime:
    return datetime.fromtimestamp(instant, tz).replace(tzinfo=None)


def local_day(zone: str, instant: int) -> int:
    """Return the local date that `instant` belongs to.

    Where the clock falls back over midnight, the repeated minutes belong to the later date,
    so that every instant has exactly one date and dates never interleave.
    """
    day = datetime.fromtimestamp(instant, zone_named(zone)).toordinal()
    return day + 1 if instant >= edge_instant(zone, day + 1, 0) else day


def hours_on(book: RuleBook, practitioner: PractitionerRules, day: int) -> Hours:
    """Return the hours of one local date of the practitioner."""
    key = (practitioner.id, day)
    return book.hours_cache.get(key) or book.hours_cache.keep(key, _hours(book, practitioner, day))


def _hours(book: RuleBook, practitioner: PractitionerRules, day: int) -> Hours:
    local, zone = date.fromordinal(day), practitioner.zone
    weekly = () if local in book.holidays else _weekly(practitioner.weekly, local)
    work = chain(weekly, _dated(practitioner.extra_hours, local))
    away = _dated(practitioner.time_off, local)
    return Hours(_as_instants(zone, day, work), _as_instants(zone, day, away))


def hours_until(book: RuleBook, practitioner: PractitionerRules, day: int, until: int) -> Hours:
    """Return the hours from the local date `day` on, of each date that begins before `until`.

    Windows that touch, as at midnight, are one.
    """
    work: list[Span] = []
    away: list[Span] = []
    while edge_instant(practitioner.zone, day, 0) < until:
        hours = hours_on(book, practitioner, day)
        work += hours.work
        away += hours.away
        day += 1
    return Hours(tuple(_merged(work)), tuple(away))


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return what the disjoint `spans` leave when the non-empty `taken` are cut out of them."""
    left = list(spans)
    for cut_from, cut_until in taken:
        pieces = (
            piece
            for begin, end in left
            for piece in ((begin, min(end, cut_from)), (max(begin, cut_until), end))
        )
        left = [(begin, end) for begin, end in pieces if begin < end]
    return left


def _weekly(windows: Iterable[WeeklyWindow], local: date) -> Iterator[Span]:
    weekday = local.weekday()
    for window in windows:
        if window.weekday == weekday and _valid(window, local):
            yield window.start, window.end


def _valid(window: WeeklyWindow, local: date) -> bool:
    begun = window.valid_from is None or window.valid_from <= local
    return begun and (window.valid_until is None or local <= window.valid_until)


def _dated(windows: Iterable[DatedWindow], local: date) -> Iterator[Span]:
    for window in windows:
        if window.date_from <= local <= window.date_until:
            yield window.start, window.end


def _as_instants(zone: str, day: int, minutes: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans between the edges; one that a gap swallows whole is dropped."""
    spans = (
        (edge_instant(zone, day, begin), edge_instant(zone, day, end)) for begin, end in _merged(minutes)
    )
    return tuple((begin, end) for begin, end in spans if begin < end)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that overlap or touch made one."""
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
