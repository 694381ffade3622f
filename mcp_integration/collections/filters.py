"""What a collection may be narrowed by: a field that reads the value, and what it means for the query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.serializers.fields import WireBoolean, WireDate, WireId
from core import clock
from core.errors import InvalidInput
from tenants.context import current_hospital, in_public_schema

# Values of one filter.
MOST_VALUES = 20
# At the calendar's own ends, other zones' clocks overflow.
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. `wants` turns its values into a condition; only with `is_list` there may be several."""

    field: serializers.Field
    wants: Callable[[list[Any]], Q]
    about: str
    is_list: bool = False

    def read(self, value: Any) -> Q:
        """The condition of a value as JSON has it. Raises DRF's `ValidationError`."""
        if isinstance(value, list) and self.is_list and 1 <= len(value) <= MOST_VALUES:
            return self.wants([self.field.run_validation(one) for one in value])
        return self.wants([self.field.run_validation(value)])


def one_of(lookup: str, field: serializers.Field, about: str) -> Filter:
    """A value, or a list of values any of which will do."""
    return Filter(field, lambda values: Q(**{f"{lookup}__in": values}), about, is_list=True)


def only_one(lookup: str, field: serializers.Field, about: str) -> Filter:
    """One value: with several, a row could be found more than once."""
    return Filter(field, lambda values: Q(**{lookup: values[0]}), about)


def by_id(lookup: str, about: str) -> Filter:
    """An id, or several."""
    return one_of(lookup, WireId(), about)


def by_choice(lookup: str, choices: Any, about: str) -> Filter:
    """One of a few words, or several."""
    return one_of(lookup, serializers.ChoiceField(choices=choices), about)


def is_so(lookup: str, about: str) -> Filter:
    """True or false."""
    return Filter(WireBoolean(), lambda values: Q(**{lookup: values[0]}), about)


def from_day(lookup: str, about: str) -> Filter:
    """At a date of the hospital or after it."""
    return Filter(WireDate(), lambda values: Q(**{f"{lookup}__gte": midnight(values[0])}), about)


def until_day(lookup: str, about: str) -> Filter:
    """At a date of the hospital or before it."""
    return Filter(WireDate(), lambda values: Q(**{f"{lookup}__lt": midnight(values[0], days=1)}), about)


def midnight(day: date, *, days: int = 0) -> datetime:
    """When a date, or one `days` after it, begins: on the hospital's clocks, outside of any in UTC."""
    zone = UTC if in_public_schema() else clock.zone(current_hospital().timezone)
    return datetime.combine(min(max(day, _FIRST_DAY), _LAST_DAY) + timedelta(days=days), time(), zone)


def condition_of(filters: Mapping[str, Filter], asked: Mapping[str, Any]) -> Q:
    """All filters together. Raises `InvalidInput`, which names each that is wrong as ``filter.<name>``."""
    condition, wrong = Q(), {}
    for name, value in asked.items():
        if name not in filters:
            wrong["filter"] = _("There is no such filter here.")
            continue
        try:
            condition &= filters[name].read(value)
        except serializers.ValidationError as error:
            wrong[f"filter.{name}"] = _text_of(error)
    if wrong:
        raise InvalidInput(**wrong)
    return condition


def _text_of(error: serializers.ValidationError) -> Any:
    first = error.detail[0] if isinstance(error.detail, list) else error.detail
    if getattr(first, "code", "") == "invalid_choice":
        # DRF's own text repeats what was sent.
        return _("This is not one of the possible values.")
    return str(first)
