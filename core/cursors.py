"""Opaque cursors: where the next page begins."""

import base64
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

YEARS = range(1970, 3000)


def encode_cursor(place: tuple[datetime, str] | None) -> str | None:
    """A place in a list as text that callers pass back unread; None at the end."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(f"{place[0].isoformat()}|{place[1]}".encode()).decode().rstrip("=")


def decode_cursor(text: str) -> tuple[datetime, str] | None:
    """The place that a cursor stands for; None for an empty one. Raises `InvalidInput`."""
    if not text:
        return None
    try:
        written = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, _separator, key = written.partition("|")
        start, row = datetime.fromisoformat(moment), str(UUID(key))
    except ValueError:
        start, row = None, ""
    # A made-up one at the ends of the calendar would be more than the database can compare with.
    if start is None or start.tzinfo is None or start.year not in YEARS:
        raise InvalidInput(cursor=_("This cursor was not given by us."))
    return start, row
