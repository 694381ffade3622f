from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.rules.reminders import reach

BANGKOK, NEW_YORK = ZoneInfo("Asia/Bangkok"), ZoneInfo("America/New_York")
SIX = time(18)


def on(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def test_before_the_hour_this_day_is_due_and_from_the_hour_on_the_next_too():
    day = date(2026, 12, 1)
    hour = on(day, SIX, BANGKOK)

    assert reach(hour - timedelta(seconds=1), SIX, BANGKOK) == (on(date(2026, 12, 2), time(), BANGKOK), hour)
    assert reach(hour, SIX, BANGKOK) == (
        on(date(2026, 12, 3), time(), BANGKOK),
        on(date(2026, 12, 2), SIX, BANGKOK),
    )


def test_the_day_is_the_hospitals_and_not_utcs():
    # 01:30 in Bangkok is still the evening before in UTC.
    until, again = reach(datetime(2026, 12, 1, 18, 30, tzinfo=UTC), SIX, BANGKOK)

    assert until == on(date(2026, 12, 3), time(), BANGKOK)
    assert again == on(date(2026, 12, 2), SIX, BANGKOK)


# New York: forward on 8 March 2026 at 02:00, back on 1 November 2026 at 02:00.
@pytest.mark.parametrize(
    ("evening", "hours"), [(date(2026, 3, 7), 23), (date(2026, 10, 31), 25), (date(2026, 6, 1), 24)]
)
def test_the_next_reminders_are_at_the_same_hour_whatever_the_clocks_did_in_the_night(evening, hours):
    now = on(evening, SIX, NEW_YORK)
    until, again = reach(now, SIX, NEW_YORK)

    assert again - now == timedelta(hours=hours)
    assert again.astimezone(NEW_YORK).time() == SIX
    assert until.astimezone(NEW_YORK) == datetime.combine(evening + timedelta(days=2), time(), NEW_YORK)


def test_an_hour_that_the_clocks_skip_comes_an_hour_later_on_them():
    _, again = reach(on(date(2026, 3, 7), time(12), NEW_YORK), time(2, 30), NEW_YORK)

    assert again.astimezone(NEW_YORK) == datetime(2026, 3, 8, 3, 30, tzinfo=NEW_YORK)


def test_an_hour_that_comes_twice_counts_the_first_time():
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    before, again = reach(first - timedelta(minutes=1), time(1, 30), NEW_YORK)
    after, tomorrow = reach(first, time(1, 30), NEW_YORK)

    assert again == first
    assert after > before
    assert tomorrow == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
    # The second time nothing more becomes due.
    assert reach(first + timedelta(hours=1), time(1, 30), NEW_YORK) == (after, tomorrow)


@pytest.mark.parametrize("zone", [BANGKOK, NEW_YORK, ZoneInfo("America/Santiago"), ZoneInfo("Asia/Beirut")])
@pytest.mark.parametrize("at", [time(0), time(0, 30), time(2, 30), SIX, time(23, 59)])
def test_over_a_year_every_instant_is_reached_once_and_never_backwards(zone, at):
    """Santiago and Beirut change their clocks at midnight."""
    now = datetime(2026, 1, 1, 3, 3, tzinfo=UTC)
    reached, _ = reach(now, at, zone)
    plans = 0
    while now < datetime(2027, 1, 1, tzinfo=UTC):
        until, again = reach(now, at, zone)
        assert again > now
        assert until >= reached
        assert until - reached <= timedelta(hours=25)
        # Nobody is reminded on the day itself: at the hour, all of the next day lies ahead.
        assert until > now
        now, reached, plans = again, until, plans + 1
    assert plans in (365, 366)
