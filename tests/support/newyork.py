"""The mornings on which New York's clocks are set forward or back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import clock

ZONE = "America/New_York"
_ZONE = ZoneInfo(ZONE)


def next_day_when(clocks_do: Callable[[date, time], bool], at: time) -> date:
    """The next date on which the clocks do that at a time of day: `is_skipped` or `is_repeated`."""
    today = clock.today_in(ZONE)
    return next(day for n in range(2, 400) if clocks_do(day := today + timedelta(days=n), at))


def is_skipped(day: date, at: time) -> bool:
    wall = datetime.combine(day, at, _ZONE)
    return wall.astimezone(UTC).astimezone(_ZONE).replace(tzinfo=None) != wall.replace(tzinfo=None)


def is_repeated(day: date, at: time) -> bool:
    wall = datetime.combine(day, at, _ZONE)
    return not is_skipped(day, at) and wall.utcoffset() != wall.replace(fold=1).utcoffset()
