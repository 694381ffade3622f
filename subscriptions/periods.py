"""Periods of a subscription, counted from the day on which it began. Pure: dates in, dates out.

A period ends on the day on which the next one begins. Every one is counted from the first day and never
from the one before, so that a subscription of the 31st is on the 28th in February and on the 31st in March.
"""

from calendar import monthrange
from datetime import date
from typing import NamedTuple


class Period(NamedTuple):
    """The local dates from `start` on, before `end`."""

    start: date
    end: date


def add_months(day: date, months: int) -> date:
    """The same day of the month some months later; the last one of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period_number(anchor: date, months: int, number: int) -> Period:
    """The period of that number, from 0, of those of `months` months that began on `anchor`."""
    return Period(add_months(anchor, number * months), add_months(anchor, (number + 1) * months))


def period_at(anchor: date, months: int, day: date) -> Period:
    """The period that a day belongs to; the first one for a day before all of them."""
    between = (day.year - anchor.year) * 12 + day.month - anchor.month
    number = max(0, between // months)
    # The month may have come before the day of the month has.
    if number and period_number(anchor, months, number).start > day:
        number -= 1
    return period_number(anchor, months, number)
