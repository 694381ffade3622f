"""Rules 1 and 2: which windows a date has, and at which instants they begin and end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bookings.rules.hours import edge_instant, hours_on, local_day
from bookings.rules.rulebook import DatedWindow, WeeklyWindow
from bookings.rules.slots import range_instants
from tests.bookings.rules.builders import (
    BANGKOK,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    book_of,
    daily,
    minute,
    practitioner,
)

NEW_YORK = "America/New_York"


def worked(day, holidays=(), zone=BANGKOK, **rules):
    """Return the working spans of a date as clock times, "09:00-12:00"."""
    someone = practitioner(zone=zone, **rules)
    spans = hours_on(book_of(someone, zone=zone, holidays=holidays), someone, day.toordinal()).work
    return [
        f"{begin:%H:%M}-{end:%H:%M}"
        for begin, end in ([datetime.fromtimestamp(edge, UTC) for edge in span] for span in spans)
    ]


def worked_utc(day, **rules):
    return worked(day, zone="UTC", **rules)


def utc(zone, day, clock):
    return datetime.fromtimestamp(edge_instant(zone, day.toordinal(), minute(clock)), UTC)


def test_a_weekly_window_counts_on_its_weekday_only():
    tuesdays = (WeeklyWindow(1, 540, 720),)
    assert worked_utc(TUESDAY, weekly=tuesdays) == ["09:00-12:00"]
    assert worked_utc(MONDAY, weekly=tuesdays) == []
    assert worked_utc(WEDNESDAY, weekly=tuesdays) == []


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "counts"),
    [
        (None, None, True),
        (TUESDAY, None, True),
        (None, TUESDAY, True),
        (TUESDAY, TUESDAY, True),
        (WEDNESDAY, None, False),
        (None, MONDAY, False),
    ],
)
def test_the_dates_of_validity_are_inclusive(valid_from, valid_until, counts):
    rows = (WeeklyWindow(1, 540, 720, valid_from, valid_until),)
    assert bool(worked_utc(TUESDAY, weekly=rows)) is counts


def test_a_holiday_closes_the_weekly_hours_but_not_the_extra_ones():
    extra = (DatedWindow(TUESDAY, TUESDAY, 600, 660),)
    weekly = daily("9:00-12:00")
    assert worked_utc(TUESDAY, holidays=[TUESDAY], weekly=weekly) == []
    assert worked_utc(TUESDAY, holidays=[TUESDAY], weekly=weekly, extra_hours=extra) == ["10:00-11:00"]
    assert worked_utc(WEDNESDAY, holidays=[TUESDAY], weekly=weekly) == ["09:00-12:00"]


def test_extra_hours_count_on_each_date_of_their_range():
    extra = (DatedWindow(MONDAY, TUESDAY, 600, 660),)
    on = [worked_utc(MONDAY + timedelta(days=count), extra_hours=extra) for count in (-1, 0, 1, 2)]
    assert on == [[], ["10:00-11:00"], ["10:00-11:00"], []]


def test_a_dated_window_is_the_whole_day_unless_it_says_otherwise():
    assert worked_utc(TUESDAY, extra_hours=(DatedWindow(TUESDAY, TUESDAY),)) == ["00:00-00:00"]


def test_windows_of_a_date_that_overlap_or_touch_are_one():
    weekly = daily("13:00-15:00", "9:00-10:00", "10:00-12:00", "14:00-16:00", "13:30-14:00")
    assert worked_utc(TUESDAY, weekly=weekly) == ["09:00-12:00", "13:00-16:00"]


def test_a_window_is_told_in_the_zone_of_its_practitioner():
    assert worked(TUESDAY, weekly=daily("9:00-12:00")) == ["02:00-05:00"]


def test_new_york_from_one_to_five_has_three_hours_when_the_clock_goes_forward():
    assert worked(date(2026, 3, 8), zone=NEW_YORK, weekly=daily("1:00-5:00")) == ["06:00-09:00"]


def test_new_york_from_midnight_to_five_has_six_hours_when_the_clock_goes_back():
    assert worked(date(2026, 11, 1), zone=NEW_YORK, weekly=daily("0:00-5:00")) == ["04:00-10:00"]


def test_a_window_that_a_gap_swallows_is_no_window():
    assert worked(date(2026, 3, 8), zone=NEW_YORK, weekly=daily("2:00-3:00", "2:15-2:45")) == []


def test_an_edge_in_a_gap_is_the_instant_of_the_change():
    change = datetime(2026, 3, 8, 7, tzinfo=UTC)
    found = {utc(NEW_YORK, date(2026, 3, 8), clock) for clock in ("2:00", "2:01", "2:30", "2:59", "3:00")}
    assert found == {change}
    assert utc(NEW_YORK, date(2026, 3, 8), "1:59") == change - timedelta(minutes=1)


def test_an_edge_in_a_fold_is_the_first_occurrence():
    assert utc(NEW_YORK, date(2026, 11, 1), "1:30") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert utc(NEW_YORK, date(2026, 11, 1), "2:00") == datetime(2026, 11, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "first", "length"),
    [
        ("America/Santiago", date(2026, 9, 6), datetime(2026, 9, 6, 4, tzinfo=UTC), 23 * 60),
        ("America/Santiago", date(2026, 4, 4), datetime(2026, 4, 4, 3, tzinfo=UTC), 25 * 60),
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC), 23 * 60),
        ("Africa/Cairo", date(2026, 10, 29), datetime(2026, 10, 28, 21, tzinfo=UTC), 25 * 60),
        ("Australia/Lord_Howe", date(2026, 10, 4), datetime(2026, 10, 3, 13, 30, tzinfo=UTC), 23 * 60 + 30),
        ("Australia/Lord_Howe", date(2026, 4, 5), datetime(2026, 4, 4, 13, tzinfo=UTC), 24 * 60 + 30),
        ("Europe/London", date(2026, 3, 29), datetime(2026, 3, 29, 0, tzinfo=UTC), 23 * 60),
        ("Pacific/Apia", date(2011, 12, 29), datetime(2011, 12, 29, 10, tzinfo=UTC), 24 * 60),
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC), 0),
        ("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10, tzinfo=UTC), 24 * 60),
    ],
)
def test_a_date_begins_and_lasts_as_its_zone_says(zone, day, first, length):
    begin, end = range_instants(zone, day, day)
    assert (datetime.fromtimestamp(begin, UTC), (end - begin) // 60) == (first, length)


def test_minute_1440_is_the_first_instant_of_the_next_date():
    for zone, day in (("America/Santiago", date(2026, 9, 5)), ("Africa/Cairo", date(2026, 10, 29))):
        assert edge_instant(zone, day.toordinal(), 1440) == edge_instant(zone, day.toordinal() + 1, 0)


def test_the_minutes_that_a_zone_repeats_over_midnight_belong_to_the_later_date():
    # In St John's the clock went from 00:01 on the 7th back to 23:01 on the 6th.
    seventh = date(2010, 11, 7).toordinal()
    first = edge_instant("America/St_Johns", seventh, 0)
    days = [local_day("America/St_Johns", first + late) for late in (-1, 0, 59, 60, 1800, 3660)]
    assert days == [seventh - 1, seventh, seventh, seventh, seventh, seventh]


def test_a_range_of_dates_includes_both_ends():
    assert range_instants(BANGKOK, MONDAY, TUESDAY) == (at(MONDAY, "0:00"), at(WEDNESDAY, "0:00"))


@pytest.mark.parametrize("zone", [BANGKOK, NEW_YORK])
def test_the_ends_of_the_calendar_are_within_reach(zone):
    begin, end = range_instants(zone, date.min, date.max)
    assert begin < 0
    assert datetime.fromtimestamp(end, UTC).year == 9999
