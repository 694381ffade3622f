"""Opaque cursors: where the next page begins."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput


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
        padded = text + "=" * (-len(text) % 4)
        moment, _separator, key = base64.urlsafe_b64decode(padded).decode().partition("|")
        start = datetime.fromisoformat(moment)
        if start.tzinfo is None:
            raise ValueError(moment)
        return start, str(UUID(key))
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(cursor=_("This cursor was not given by us.")) from error
