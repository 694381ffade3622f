"""Stretches of local days that figures are about. Pure: dates and a zone's name in, dates, instants out."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bookings.rules.hours import edge_instant
from core.clock import from_epoch

_DAY = timedelta(days=1)
_MONTHS_OF_A_QUARTER = 3


class Period(StrEnum):
    """How long a stretch is."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"


# How many of the past ones a series has besides the present one.
PAST = {Period.DAILY: 14, Period.WEEKLY: 12, Period.MONTHLY: 12, Period.QUARTERLY: 8, Period.YEARLY: 4}
# How many days back a rolling stretch reaches, today included.
ROLLING = {Period.DAILY: 1, Period.WEEKLY: 7, Period.MONTHLY: 30, Period.QUARTERLY: 91, Period.YEARLY: 365}


class Span(NamedTuple):
    """The local dates from the first to the last, both inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many dates there are."""
        return (self.last - self.first).days + 1

    def before(self) -> "Span":
        """As many days, right before."""
        return Span(self.first - timedelta(days=self.days), self.first - _DAY)

    def edges(self, zone: str) -> tuple[int, int]:
        """The instants [from, until) of the dates on a zone's clocks, in epoch seconds."""
        return edge_instant(zone, self.first.toordinal(), 0), edge_instant(zone, self.last.toordinal() + 1, 0)

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """The same as aware datetimes."""
        begin, until = self.edges(zone)
        return from_epoch(begin), from_epoch(until)


def rolling(period: Period, today: date) -> Span:
    """The days up to today: one, seven, 30, 91 or 365."""
    return Span(today - timedelta(days=ROLLING[period] - 1), today)


def series(period: Period, today: date) -> list[Span]:
    """The calendar's periods, oldest first: some that are over and the present one as far as today.

    Weeks begin on Monday (ISO 8601).
    """
    return [*reversed(list(_past(period, today))), Span(_first_day(period, today), today)]


def _past(period: Period, today: date) -> Iterator[Span]:
    first = _first_day(period, today)
    for _number in range(PAST[period]):
        last = first - _DAY
        first = _first_day(period, last)
        yield Span(first, last)


def _first_day(period: Period, day: date) -> date:
    match period:
        case Period.DAILY:
            return day
        case Period.WEEKLY:
            return day - timedelta(days=day.weekday())
        case Period.MONTHLY:
            return day.replace(day=1)
        case Period.QUARTERLY:
            return date(day.year, day.month - (day.month - 1) % _MONTHS_OF_A_QUARTER, 1)
        case Period.YEARLY:
            return date(day.year, 1, 1)
