from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.core.exceptions import ValidationError

from core import clock


def test_the_present_is_an_aware_instant_in_utc():
    assert clock.now().tzinfo is UTC
    assert abs(clock.epoch_now() - clock.to_epoch(clock.now())) <= 1


@pytest.mark.parametrize(
    "moment", [datetime(2026, 11, 20, 9, 30, tzinfo=UTC), datetime(1969, 12, 31, tzinfo=UTC)]
)
def test_an_instant_goes_to_seconds_and_back(moment):
    assert clock.from_epoch(clock.to_epoch(moment)) == moment
    assert clock.from_epoch(0) == datetime(1970, 1, 1, tzinfo=UTC)


def test_an_offset_does_not_change_the_instant():
    there = datetime(2026, 11, 20, 9, 30, tzinfo=clock.zone("Asia/Bangkok"))

    assert clock.to_epoch(there) == clock.to_epoch(there.astimezone(UTC))


@pytest.mark.parametrize(
    ("zone", "iso", "time"),
    [
        ("Asia/Bangkok", "2026-11-20T09:00:00+07:00", "09:00"),
        ("America/New_York", "2026-11-19T21:00:00-05:00", "21:00"),
        ("Asia/Kathmandu", "2026-11-20T07:45:00+05:45", "07:45"),
        ("UTC", "2026-11-20T02:00:00+00:00", "02:00"),
    ],
)
def test_an_instant_is_told_as_a_zones_clocks_show_it(zone, iso, time):
    instant = clock.to_epoch(datetime(2026, 11, 20, 2, tzinfo=UTC))

    assert clock.local_iso(instant, zone) == iso
    assert clock.local_time_of_day(instant, zone) == time


def test_the_offset_follows_daylight_saving():
    summer, winter = (clock.to_epoch(datetime(2026, month, 15, 12, tzinfo=UTC)) for month in (7, 12))

    assert clock.local_iso(summer, "America/New_York").endswith("-04:00")
    assert clock.local_iso(winter, "America/New_York").endswith("-05:00")


def test_today_is_another_day_on_the_other_side_of_the_world():
    first, last = clock.today_in("Etc/GMT+12"), clock.today_in("Pacific/Kiritimati")

    assert timedelta(days=1) <= last - first <= timedelta(days=2)
    assert clock.today_in("UTC") in (clock.now().date(), (clock.now() - timedelta(seconds=1)).date())


def test_an_unknown_zone_is_no_zone():
    with pytest.raises(ZoneInfoNotFoundError):
        clock.zone("Mars/Olympus")


@pytest.mark.parametrize("name", ["Asia/Bangkok", "UTC", "America/Argentina/Ushuaia"])
def test_a_zones_name_is_taken(name):
    clock.validate_zone_name(name)


@pytest.mark.parametrize("name", ["", "Bangkok", "asia/bangkok", "+07:00", "../etc/passwd", "Asia/Bangkok "])
def test_what_is_no_zones_name_is_refused(name):
    with pytest.raises(ValidationError):
        clock.validate_zone_name(name)
