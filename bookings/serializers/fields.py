"""Fields as requests write them, strictly: a value of another type or form is refused, not guessed at."""

import re
from datetime import date, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.clock import FIRST_BUDDHIST_YEAR

# All but tab, line feed and carriage return: they upset whoever shows a name or a note.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?")
_MONTH = re.compile(r"(?!0000)([0-9]{4})-(0[1-9]|1[0-2])")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_BUDDHIST = _("Write the Gregorian year: 2569 of the Buddhist era is 2026.")


class WireText(serializers.CharField):
    """Text without control characters; a number is not taken for text."""

    # DRF has no Thai for some of its texts: repeated here, they are in our own catalogue.
    default_error_messages = {
        "invalid": _("Not a valid string."),
        "control": _("Control characters cannot be used here."),
    }

    def to_internal_value(self, data: Any) -> str:
        """The text, without spaces around it."""
        if not isinstance(data, str):
            self.fail("invalid")
        if _CONTROL.search(data):
            self.fail("control")
        return super().to_internal_value(data)


class PatientText(serializers.CharField):
    """Text in an answer that a patient, or anybody from outside, wrote: never to be taken for ours.

    Doors whose readers may take text for orders (AI assistants) mark it by its name.
    """


class WireEmail(WireText, serializers.EmailField):
    """An e-mail address."""


class WireInteger(serializers.IntegerField):
    """A whole number, as JSON writes it or as plain digits in text."""

    def to_internal_value(self, data: Any) -> int:
        """The number. Python would also read ``1_0`` and digits of other scripts."""
        if isinstance(data, str) and not _INTEGER.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class WireBoolean(serializers.BooleanField):
    """``true`` or ``false``; words and numbers are not taken for them."""

    default_error_messages = {"invalid": _("Must be true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        """Whether it is so."""
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class WireId(serializers.UUIDField):
    """A UUID as text; a number is not taken for one."""

    default_error_messages = {"invalid": _("Must be a valid UUID.")}

    def to_internal_value(self, data: Any) -> UUID:
        """The UUID."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WireDate(serializers.DateField):
    """``YYYY-MM-DD`` in the Gregorian calendar; a Buddhist year is refused with a hint, not misread."""

    default_error_messages = {
        "invalid": _("Write the date as YYYY-MM-DD, such as 2026-11-20; it must exist."),
        "buddhist": _BUDDHIST,
    }

    def to_internal_value(self, value: Any) -> date:
        """A date. Refuses ISO 8601's other forms, such as weeks, and digits of other scripts."""
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if day.year >= FIRST_BUDDHIST_YEAR:
            self.fail("buddhist")
        return day


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}(:00)?$", "example": "09:30"})
class WireTime(serializers.Field):
    """``HH:MM`` on the hospital's clocks (``HH:MM:00`` is taken too)."""

    default_error_messages = {"invalid": _("Write the time as HH:MM, such as 09:30.")}

    def to_internal_value(self, value: Any) -> time:
        """A time of day in whole minutes."""
        written = _TIME.fullmatch(value) if isinstance(value, str) else None
        if written is None:
            self.fail("invalid")
        return time(int(written[1]), int(written[2]))

    def to_representation(self, value: time) -> str:
        """``HH:MM``."""
        return f"{value:%H:%M}"


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}$", "example": "2026-11"})
class WireMonth(serializers.Field):
    """``YYYY-MM`` in the Gregorian calendar."""

    default_error_messages = {
        "invalid": _("Write the month as YYYY-MM, such as 2026-11."),
        "buddhist": _BUDDHIST,
    }

    def to_internal_value(self, value: Any) -> date:
        """The first day of the month."""
        written = _MONTH.fullmatch(value) if isinstance(value, str) else None
        if written is None:
            self.fail("invalid")
        month = date(int(written[1]), int(written[2]), 1)
        if month.year >= FIRST_BUDDHIST_YEAR:
            self.fail("buddhist")
        return month

    def to_representation(self, value: date) -> str:
        """``YYYY-MM``."""
        return value.isoformat()[:7]
