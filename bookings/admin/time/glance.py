"""Hours in words and bars: what a person sees before anything is edited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Holiday, ScheduleException
from bookings.models.schedule import ExceptionKind
from bookings.rules.hours import hours_on, local_day, without
from bookings.rules.rulebook import RuleBook, Span
from core import clock
from tenants.admin_sites.dates import say_day

_DAY = 24 * 60
_CLOSED: str | Promise = gettext_lazy("does not take bookings")


class Bar(NamedTuple):
    """An interval of a day drawn on a line of 1440 minutes."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Today:
    """What a practitioner does today: times that are free for work, and what takes some or all away."""

    times: str
    note: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Away:
    """One time off or extra hours in words."""

    row: ScheduleException
    kind: str
    icon: str
    days: str
    times: str
    is_time_off: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One holiday in words."""

    pk: UUID
    said: str
    name: str
    is_confirmed: bool


def today_of(book: RuleBook, practitioner_id: str) -> Today:
    """What the book says of today, on the clocks of the hospital."""
    practitioner = book.practitioners.get(practitioner_id)
    if practitioner is None:
        return Today("", str(_CLOSED), is_open=False)
    day = local_day(practitioner.zone, clock.epoch_now())
    hours = hours_on(book, practitioner, day)
    left = without(hours.work, hours.away)
    if not hours.work:
        closed = date.fromordinal(day) in book.holidays
        return Today("", _("holiday") if closed else _("does not work today"), is_open=False)
    note = _("away") if hours.away and left != list(hours.work) else ""
    return Today(say_spans(left, book.zone), note, is_open=bool(left))


def say_spans(spans: Iterable[Span], zone: str) -> str:
    """Spans of epoch seconds as times of day: ``09:00–12:00, 13:00–17:00``."""
    pairs = ([clock.local_time_of_day(edge, zone) for edge in span] for span in spans)
    return ", ".join(f"{begin}–{end}" for begin, end in pairs)


def bar_of(start: time | None, end: time | None) -> Bar | None:
    """The bar of an interval; none where it would have no length."""
    if start is None or end is None:
        return None
    begin, until = _minutes(start), _minutes(end) or _DAY
    return Bar(begin, until - begin) if until > begin else None


def say_exception(row: ScheduleException) -> Away:
    """Time off or extra hours for a list."""
    is_time_off = row.kind == ExceptionKind.TIME_OFF
    days = say_day(row.date_from, weekday=True)
    if row.date_until != row.date_from:
        days = f"{days} – {say_day(row.date_until, weekday=True)}"
    times = f"{row.start_time:%H:%M}–{row.end_time:%H:%M}" if row.start_time else _("the whole day")
    icon = "event_busy" if is_time_off else "more_time"
    return Away(row, row.get_kind_display(), icon, days, times, is_time_off)


def holidays_from(first: date, last: date) -> list[Day]:
    """The hospital's holidays of some days, those that are only suggested too."""
    rows = Holiday.objects.filter(date__gte=first, date__lte=last).order_by("date")
    return [Day(row.pk, say_day(row.date, weekday=True), row.name, row.is_confirmed) for row in rows]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
