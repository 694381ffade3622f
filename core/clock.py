"""Time: the present, zones, and days as people write them.

Instants travel as aware datetimes at the edges and as integer epoch seconds (UTC) where speed matters.
"""

import time
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Thai Buddhist years run 543 ahead; no appointment is made for the Gregorian years from here on.
BUDDHIST_OFFSET = 543
FIRST_BUDDHIST_YEAR = 2400


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def epoch_now() -> int:
    """The present instant in whole epoch seconds."""
    return int(time.time())


def from_epoch(instant: int) -> datetime:
    """The aware UTC datetime of an instant in epoch seconds."""
    return datetime.fromtimestamp(instant, UTC)


def to_epoch(moment: datetime) -> int:
    """Whole epoch seconds of an aware datetime."""
    return int(moment.timestamp())


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `ZoneInfoNotFoundError` for an unknown one."""
    return ZoneInfo(name)


@lru_cache(maxsize=65536)
def local_iso(instant: int, zone_name: str) -> str:
    """ISO 8601 with offset (``2026-11-20T09:00:00+07:00``) of an instant, as the zone's clocks show it.

    Kept per instant: the same few hundred slots are worded again and again.
    """
    return datetime.fromtimestamp(instant, zone(zone_name)).isoformat()


@lru_cache(maxsize=65536)
def local_time_of_day(instant: int, zone_name: str) -> str:
    """``HH:MM`` of an instant on the zone's clocks."""
    return f"{datetime.fromtimestamp(instant, zone(zone_name)):%H:%M}"


def today_in(zone_name: str) -> date:
    """Today's date in a zone."""
    return now().astimezone(zone(zone_name)).date()


def validate_zone_name(name: str) -> None:
    """Refuse what is not an IANA zone's name (a model field's validator)."""
    if name not in available_timezones():
        # Without the name: whoever is answered may be a model, and what was sent may be anything.
        raise ValidationError(_("This is not a time zone such as Asia/Bangkok."))
