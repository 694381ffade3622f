"""Dates and times as requests write them, strictly."""

from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.clock import FIRST_BUDDHIST_YEAR


class WireDate(serializers.DateField):
    """``YYYY-MM-DD`` in the Gregorian calendar; a Buddhist year is refused with a hint, not misread."""

    default_error_messages = {
        "invalid": _("Write the date as YYYY-MM-DD, such as 2026-11-20; it must exist."),
        "buddhist": _("Write the Gregorian year: 2569 of the Buddhist era is 2026."),
    }

    def to_internal_value(self, value: Any) -> date:
        """A date. Refuses everything but ten characters, which ISO 8601's other forms are not."""
        if not isinstance(value, str) or len(value) != len("2026-11-20"):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if day.year >= FIRST_BUDDHIST_YEAR:
            self.fail("buddhist")
        return day


class WireTime(serializers.Field):
    """``HH:MM`` on the hospital's clocks (``HH:MM:00`` is taken too)."""

    default_error_messages = {"invalid": _("Write the time as HH:MM, such as 09:30.")}

    def to_internal_value(self, value: Any) -> time:
        """A time of day in whole minutes."""
        for form in ("%H:%M", "%H:%M:%S"):
            if isinstance(value, str) and len(value) in (5, 8):
                try:
                    at = datetime.strptime(value, form).time()  # noqa: DTZ007  -- a time of day has no zone
                except ValueError:
                    continue
                if at.second == 0:
                    return at
        self.fail("invalid")

    def to_representation(self, value: time) -> str:
        """``HH:MM``."""
        return f"{value:%H:%M}"


class WireMonth(serializers.Field):
    """``YYYY-MM`` in the Gregorian calendar."""

    default_error_messages = {
        "invalid": _("Write the month as YYYY-MM, such as 2026-11."),
        "buddhist": WireDate.default_error_messages["buddhist"],
    }

    def to_internal_value(self, value: Any) -> date:
        """The first day of the month."""
        try:
            if not isinstance(value, str) or len(value) != len("2026-11"):
                raise ValueError
            month = date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail("invalid")
        if month.year >= FIRST_BUDDHIST_YEAR:
            self.fail("buddhist")
        return month

    def to_representation(self, value: date) -> str:
        """``YYYY-MM``."""
        return f"{value:%Y-%m}"
