"""The grid of a week as it is typed: periods of validity, each of seven days, each of a few intervals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from bookings.actions.timetable_changes import ENDS_BEFORE_START
from bookings.admin.fields import TimeOfDayField, TypedDateField
from bookings.admin.time.glance import Bar, bar_of
from bookings.models import WeeklyHours
from bookings.models.schedule import Weekday
from bookings.rules.intervals import Interval, ends_after, overlapping
from tenants.admin_sites.dates import say_day

_TIME = TimeOfDayField(required=False)
_DATE = TypedDateField(required=False)
# What people write for the end of a day.
_END_OF_DAY = ("24:00", "24.00")
# Nobody plans more than this ahead; what asks for more is no form of ours.
_MOST_PERIODS, _MOST_INTERVALS = 20, 12


@dataclass
class Day:
    """One weekday of a period: pairs of times as they were typed, and what is wrong with them."""

    weekday: int
    pairs: list[tuple[str, str]]
    error: str = ""

    @property
    def name(self) -> str:
        """The weekday in the reader's language."""
        return str(Weekday(self.weekday).label)

    @property
    def text(self) -> str:
        """The pairs in one line."""
        return ", ".join(f"{start}–{end}" for start, end in self.pairs)

    @property
    def bars(self) -> list[Bar]:
        """What of it can be drawn."""
        drawn = (bar_of(_time_or_none(start), _time_or_none(end)) for start, end in self.pairs)
        return [bar for bar in drawn if bar is not None]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The pairs to be typed into: one is always there."""
        return self.pairs or [("", "")]


@dataclass
class Period:
    """A week that comes back from one date to another; either may be open."""

    key: str
    first: Any
    last: Any
    days: list[Day]
    error: str = ""
    intervals: list[Interval] = field(default_factory=list)

    @property
    def first_input(self) -> str:
        """The line for the first date."""
        return self._line("first", self.first)

    @property
    def last_input(self) -> str:
        """The line for the last date."""
        return self._line("last", self.last)

    @property
    def validity(self) -> str:
        """From when until when, in words."""
        first, last = _said(self.first), _said(self.last)
        if first and last:
            return f"{first} – {last}"
        if first or last:
            return _("From %s on") % first if first else _("Until %s") % last
        return _("Always")

    def _line(self, edge: str, value: Any) -> str:
        name = f"p{self.key}-{edge}"
        line: str = _DATE.widget.render(name, value, {"id": f"id_{name}"})
        return line


class WeekGrid:
    """All periods of a practitioner; made out of the rows, or out of what was typed."""

    def __init__(self, periods: list[Period]) -> None:
        self.periods = periods

    @classmethod
    def of_rows(cls, rows: Iterable[WeeklyHours]) -> "WeekGrid":
        """The rows by their validity, the open ones first."""
        found: dict[tuple[Any, Any], list[WeeklyHours]] = {}
        for row in rows:
            found.setdefault((row.valid_from, row.valid_until), []).append(row)
        keys = sorted(found, key=lambda key: (key[0] or date.min, key[1] or date.max)) or [(None, None)]
        return cls([_period_of(str(number), key, found.get(key, [])) for number, key in enumerate(keys)])

    @classmethod
    def typed(cls, data: QueryDict) -> "WeekGrid":
        """What came with the form."""
        keys = [key for key in data.getlist("period") if key.isdecimal()][:_MOST_PERIODS]
        return cls([_typed_period(data, key) for key in dict.fromkeys(keys)])

    def add_period(self) -> None:
        """One more period, empty."""
        key = str(max((int(period.key) for period in self.periods), default=-1) + 1)
        self.periods.append(Period(key, None, None, [Day(day, []) for day in range(7)]))

    def drop_period(self, key: str) -> None:
        """One period less; of an only one the hours go."""
        self.periods = [period for period in self.periods if period.key != key]
        if not self.periods:
            self.add_period()

    def is_valid(self) -> bool:
        """Read everything that was typed, and note what is wrong where it stands."""
        for period in self.periods:
            _read_period(period)
        if not self._errors() and (clash := overlapping(self.intervals)):
            self._note_clash(*clash)
        return not self._errors()

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """What was typed, once it is valid."""
        return tuple(one for period in self.periods for one in period.intervals)

    def _errors(self) -> list[str]:
        return [
            text
            for period in self.periods
            for text in (period.error, *(day.error for day in period.days))
            if text
        ]

    def _note_clash(self, one: Interval, other: Interval) -> None:
        text = _("%(one)s and %(other)s overlap.") % {"one": _say(one), "other": _say(other)}
        for period in self.periods:
            if one in period.intervals or other in period.intervals:
                period.days[one.weekday].error = text


def _period_of(key: str, validity: tuple[Any, Any], rows: list[WeeklyHours]) -> Period:
    days = [Day(day, [_shown(row) for row in rows if row.weekday == day]) for day in range(7)]
    return Period(key, *validity, days)


def _shown(row: WeeklyHours) -> tuple[str, str]:
    return f"{row.start_time:%H:%M}", f"{row.end_time:%H:%M}"


def _typed_period(data: QueryDict, key: str) -> Period:
    days = []
    for weekday in range(7):
        starts, ends = (
            data.getlist(f"p{key}-d{weekday}-{edge}")[:_MOST_INTERVALS] for edge in ("start", "end")
        )
        pairs = [(start.strip(), end.strip()) for start, end in zip(starts, ends, strict=False)]
        days.append(Day(weekday, [pair for pair in pairs if any(pair)]))
    return Period(key, data.get(f"p{key}-first", ""), data.get(f"p{key}-last", ""), days)


def _read_period(period: Period) -> None:
    period.error, period.intervals = "", []
    try:
        first, last = _DATE.clean(period.first), _DATE.clean(period.last)
        if first and last and last < first:
            period.error = _("The last day must not be before the first.")
    except forms.ValidationError as error:
        period.error = " ".join(error.messages)
        return
    for day in period.days:
        day.error = ""
        try:
            period.intervals += _read_day(day, first, last)
        except forms.ValidationError as error:
            day.error = " ".join(error.messages)


def _read_day(day: Day, first: date | None, last: date | None) -> Iterator[Interval]:
    for start_text, end_text in day.pairs:
        start, end = _TIME.clean(start_text), _TIME.clean(_midnight(end_text))
        if start is None or end is None:
            raise forms.ValidationError(_("Give both times or neither."))
        if not ends_after(start, end):
            raise forms.ValidationError(ENDS_BEFORE_START)
        yield Interval(weekday=day.weekday, start=start, end=end, valid_from=first, valid_until=last)


def _midnight(text: str) -> str:
    return "00:00" if text in _END_OF_DAY else text


def _time_or_none(text: str) -> time | None:
    try:
        at: time | None = _TIME.clean(_midnight(text))
    except forms.ValidationError:
        return None
    return at


def _said(day: date | str | None) -> str:
    return say_day(day) if isinstance(day, date) else (day or "")


def _say(one: Interval) -> str:
    return f"{one.start:%H:%M}–{one.end:%H:%M}"
