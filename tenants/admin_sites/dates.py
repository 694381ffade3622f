"""Dates and times as staff type and read them: Buddhist years understood, clocks of whoever looks."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.contrib.filters.forms import RangeDateForm
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSplitDateTimeWidget

from core.clock import BUDDHIST_OFFSET, FIRST_BUDDHIST_YEAR

# Nobody who is alive was born before, and nothing is planned after: what lies outside was mistyped.
EARLIEST_YEAR, LATEST_YEAR = 1890, 2200

_FORMS = (
    re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
)


def read_date(text: str) -> date:
    """The Gregorian date of ``DD/MM/YYYY`` or ``YYYY-MM-DD``; a year of 2400 or more is Buddhist.

    The year is converted before the date is made: 29 February 2567 exists (2024), of 2568 it does not.
    Raises `ValueError` for anything else.
    """
    for form in _FORMS:
        if found := form.fullmatch(text.strip()):
            year, month, day = (int(found[part]) for part in ("year", "month", "day"))
            year -= BUDDHIST_OFFSET if year >= FIRST_BUDDHIST_YEAR else 0
            if EARLIEST_YEAR <= year <= LATEST_YEAR:
                return date(year, month, day)
    raise ValueError(text)


def say_day(day: date, *, weekday: bool = False) -> str:
    """A date for staff to read, ``20 Nov 2026``; in Thai with the Buddhist year."""
    thai = (get_language() or "th").startswith("th")
    year = day.year + BUDDHIST_OFFSET if thai else day.year
    return f"{format_date(day, 'D j M' if weekday else 'j M')} {year}"


def say_moment(moment: datetime | None, *, weekday: bool = False) -> str:
    """An instant on the clocks of the place at hand, ``20 Nov 2026 09:30``, or a dash for none.

    UTC is named, as nobody lives by it.
    """
    if moment is None:
        return "-"
    local = timezone.localtime(moment)
    suffix = " UTC" if local.tzname() == "UTC" else ""
    return f"{say_day(local, weekday=weekday)} {local:%H:%M}{suffix}"


def start_of(day: date) -> datetime:
    """The instant at which a date begins on the clocks of the place at hand."""
    return timezone.make_aware(datetime.combine(day, time()))


def _the_same(day: date) -> date:
    return day


class TypedDateWidget(UnfoldAdminDateWidget):
    """A line with a calendar beside it, which knows only Gregorian years: a script converts what is typed."""

    class Media:
        js = ("nadmor/typed-dates.js",)


class TypedDateField(forms.DateField):
    """A date that somebody types, in either calendar."""

    widget = TypedDateWidget
    default_error_messages = {"invalid": _("Write the date as DD/MM/YYYY or YYYY-MM-DD; it must exist.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or _("A Buddhist year is understood too.")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """A Gregorian date, or None for nothing."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        try:
            return read_date(str(value))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class TypedMomentWidget(UnfoldAdminSplitDateTimeWidget):
    """A date, which may be typed in either calendar, and a time of day."""

    class Media:
        js = TypedDateWidget.Media.js


class TypedMomentField(forms.SplitDateTimeField):
    """A date in either calendar and a time, on the clocks of the place at hand."""

    widget = TypedMomentWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or _("A Buddhist year is understood too.")
        super().__init__(**kwargs)
        self.fields = (TypedDateField(required=False), self.fields[1])


class _DayRangeForm(RangeDateForm):
    class Media:
        js = (*RangeDateForm.Media.js, *TypedDateWidget.Media.js)

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        for edge in (f"{name}_from", f"{name}_to"):
            widget = self.fields[edge].widget
            self.fields[edge] = TypedDateField(label="", required=False, widget=widget)


class DayRangeFilter(RangeDateFilter):
    """From one day to another, both inclusive, on the clocks of the place at hand."""

    form_class = _DayRangeForm

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:  # noqa: ARG002  -- Django's
        """The rows of those days; a day that cannot be read is told beside its field and filters nothing."""
        edge_of = start_of if isinstance(self.field, models.DateTimeField) else _the_same
        if first := self._day("from"):
            queryset = queryset.filter(**{f"{self.field_path}__gte": edge_of(first)})
        if last := self._day("to"):
            queryset = queryset.filter(**{f"{self.field_path}__lt": edge_of(last + timedelta(days=1))})
        return queryset

    def _day(self, edge: str) -> date | None:
        try:
            return read_date(str(self.used_parameters.get(f"{self.parameter_name}_{edge}") or ""))
        except ValueError:
            return None
