"""When reminders go out: the day before an appointment, at an hour on the hospital's clocks. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def reach(now: datetime, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Up to which start (exclusive) reminders are due at an instant, and the instant when more of them are.

    From the hour on, that of all of the next day; before it, that of all of this day. `now` is aware; both
    answers are in UTC. An hour that the clocks skip falls as long after midnight as it would otherwise; of
    one that comes twice the first counts.
    """
    today = now.astimezone(zone).date()
    if now < (moment := _instant(today, at, zone)):
        return _instant(today + _DAY, time(), zone), moment
    return _instant(today + 2 * _DAY, time(), zone), _instant(today + _DAY, at, zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
