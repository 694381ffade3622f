"""When practitioners are not at work, by the rules that slots are made of, for a calendar to shade."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from bookings.models import ExceptionKind, ScheduleException
from bookings.queries.calendar import holidays_of
from bookings.queries.catalogue import Catalogue
from bookings.rules.hours import hours_until, local_day, without
from bookings.rules.rulebook import DatedWindow, PractitionerRules, RuleBook, Span
from bookings.rules.slots import range_instants
from core import clock

OUTSIDE, TIME_OFF, HOLIDAY = "outside", "time_off", "holiday"
_END_OF_DAY = 24 * 60
# Exceptions that are over are in no rule book (see `bookings.queries.catalogue`).
_FORGOTTEN_AFTER = timedelta(days=1)


class Closed(NamedTuple):
    """A stretch in which a practitioner is not at work: instants in epoch seconds, why, and its name."""

    practitioner_id: str
    start: int
    end: int
    kind: str
    title: str


def closed_spans(
    present: Catalogue, practitioner_ids: Iterable[str], date_from: date, date_until: date, *, away: str
) -> list[Closed]:
    """When some practitioners are not at work on days of the hospital: disjoint stretches, each of one day.

    `away` is how time off is called. Who cannot be booked is closed all day. One statement, and one more for
    days that are over.
    """
    holidays = holidays_of(date_from, date_until)
    book = _book_of(present, date_from, date_until, holidays)
    closed: list[Closed] = []
    for whose in practitioner_ids:
        rules = book.practitioners.get(whose)
        begin, until = range_instants(book.zone, date_from, date_until)
        work, off = _times(book, rules, begin, until)
        for ordinal in range(date_from.toordinal(), date_until.toordinal() + 1):
            day = date.fromordinal(ordinal)
            span = range_instants(book.zone, day, day)
            kind, title = (HOLIDAY, holidays[day]) if day in holidays else (OUTSIDE, "")
            free = without([span], [piece for piece in work if _touch(piece, span)])
            closed += [Closed(whose, start, end, kind, title) for start, end in free]
            closed += [Closed(whose, start, end, TIME_OFF, away) for start, end in _common(off, span)]
    return closed


def _times(
    book: RuleBook, rules: PractitionerRules | None, begin: int, until: int
) -> tuple[list[Span], list[Span]]:
    """When somebody works, and the parts of it that they are away."""
    if rules is None:
        return [], []
    hours = hours_until(book, rules, local_day(rules.zone, begin), until)
    present = without(hours.work, hours.away)
    return list(hours.work), without(hours.work, present)


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _common(spans: Iterable[Span], bounds: Span) -> list[Span]:
    return [(max(a, bounds[0]), min(b, bounds[1])) for a, b in spans if _touch((a, b), bounds)]


def _book_of(present: Catalogue, date_from: date, date_until: date, holidays: dict[date, str]) -> RuleBook:
    """The rule book; for days that are over with what it has forgotten."""
    if date_from >= clock.today_in(present.book.zone) - _FORGOTTEN_AFTER:
        return present.book
    extra: dict[str, list[DatedWindow]] = {}
    off: dict[str, list[DatedWindow]] = {}
    for row in ScheduleException.objects.filter(date_from__lte=date_until, date_until__gte=date_from):
        kept = off if row.kind == ExceptionKind.TIME_OFF else extra
        kept.setdefault(str(row.practitioner_id), []).append(_window(row))
    people = {
        key: replace(rules, extra_hours=tuple(extra.get(key, ())), time_off=tuple(off.get(key, ())))
        for key, rules in present.book.practitioners.items()
    }
    return replace(present.book, holidays=holidays, practitioners=people)


def _window(row: ScheduleException) -> DatedWindow:
    begin = row.start_time.hour * 60 + row.start_time.minute if row.start_time else 0
    end = row.end_time.hour * 60 + row.end_time.minute if row.end_time else 0
    return DatedWindow(row.date_from, row.date_until, begin, end or _END_OF_DAY)
