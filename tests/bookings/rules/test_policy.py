"""Why a start is refused, when a wall time occurs, and who is chosen."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from bookings.rules.policy import Refusal, choose_order, judge, local_instants
from bookings.rules.rulebook import DatedWindow
from tests.bookings.rules.builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    book_of,
    booked,
    daily,
    minute,
    practitioner,
    service,
)

NOW = at(MONDAY, "0:00")


def verdict(clock, day=TUESDAY, offer=None, busy=(), now=NOW, holidays=(), **rules):
    someone = practitioner(**{"weekly": daily("9:00-12:00"), **rules})
    start = at(day, clock) if isinstance(clock, str) else clock
    return judge(book_of(someone, holidays=holidays), offer or service(), "anan", start, busy, now)


def test_a_free_start_is_not_refused():
    assert verdict("9:00") is None
    assert verdict("11:30") is None


def test_a_start_that_is_now_or_before_is_past():
    assert verdict("9:00", now=at(TUESDAY, "9:00")) == Refusal.PAST
    assert verdict("9:00", now=at(WEDNESDAY, "9:00")) == Refusal.PAST
    assert verdict("9:00", now=at(TUESDAY, "9:00") - 1) is None


def test_a_start_within_the_notice_is_too_soon():
    hour = service(notice=60)
    assert verdict("9:00", offer=hour, now=at(TUESDAY, "8:00")) is None
    assert verdict("9:00", offer=hour, now=at(TUESDAY, "8:00") + 1) == Refusal.TOO_SOON


def test_a_date_after_the_horizon_is_beyond_it():
    tomorrow = service(horizon_days=1)
    assert verdict("11:30", offer=tomorrow) is None
    assert verdict("9:00", day=WEDNESDAY, offer=tomorrow) == Refusal.BEYOND_HORIZON
    everyday = daily("0:00-24:00")
    assert verdict("0:00", day=WEDNESDAY, offer=tomorrow, weekly=everyday) == Refusal.BEYOND_HORIZON
    last_minute = service(horizon_days=1, duration=1, interval=1)
    assert verdict("23:59", offer=last_minute, weekly=everyday) is None


def test_a_holiday_is_named_where_its_extra_hours_do_not_reach():
    extra = (DatedWindow(TUESDAY, TUESDAY, 600, 660),)
    closed = {"holidays": [TUESDAY], "extra_hours": extra}
    assert verdict("9:00", holidays=[TUESDAY]) == Refusal.HOLIDAY
    assert verdict("9:00", **closed) == Refusal.HOLIDAY
    assert verdict("11:00", **closed) == Refusal.HOLIDAY
    assert verdict("10:00", **closed) is None
    assert verdict("10:10", **closed) == Refusal.OFF_GRID
    assert verdict("10:45", **closed) == Refusal.OUTSIDE_HOURS
    assert verdict("9:00", day=WEDNESDAY, **closed) is None


def test_a_visit_that_meets_time_off_is_refused_for_it():
    off = (DatedWindow(TUESDAY, TUESDAY, 600, 660),)
    verdicts = {clock: verdict(clock, time_off=off) for clock in ("9:30", "9:45", "10:00", "10:59", "11:00")}
    assert verdicts == {
        "9:30": None,
        "9:45": Refusal.TIME_OFF,
        "10:00": Refusal.TIME_OFF,
        "10:59": Refusal.TIME_OFF,
        "11:00": None,
    }


def test_a_visit_meets_time_off_or_the_end_of_hours_by_its_last_minute():
    long = service(duration=60, interval=1)
    off = (DatedWindow(TUESDAY, TUESDAY, 600, 660),)
    assert verdict("9:00", offer=long, time_off=off) is None
    assert verdict("9:01", offer=long, time_off=off) == Refusal.TIME_OFF
    assert verdict("11:00", offer=long) is None
    assert verdict("11:01", offer=long) == Refusal.OUTSIDE_HOURS


def test_time_off_after_midnight_is_seen_by_a_visit_that_begins_before_it():
    off = (DatedWindow(WEDNESDAY, WEDNESDAY, 0, 60),)
    assert verdict("23:45", weekly=daily("0:00-24:00"), time_off=off) == Refusal.TIME_OFF


def test_a_visit_that_is_not_wholly_within_hours_is_outside_them():
    for clock in ("8:30", "8:59", "11:31", "11:45", "12:00", "23:00"):
        assert verdict(clock) == Refusal.OUTSIDE_HOURS, clock


def test_a_start_within_hours_that_no_window_offers_is_off_the_grid():
    assert verdict("9:10") == Refusal.OFF_GRID
    assert verdict(at(TUESDAY, "9:00") + 1) == Refusal.OFF_GRID


def test_a_visit_over_midnight_is_within_windows_that_touch():
    assert verdict("23:31", weekly=daily("0:00-24:00")) == Refusal.OFF_GRID
    assert verdict("23:45", weekly=daily("23:45-24:00", "0:00-1:00")) is None


def test_a_taken_slot_is_refused_until_its_session_is_only_partly_taken():
    seat = booked(at(TUESDAY, "9:00"), 30)
    assert verdict("9:00", busy=[seat]) == Refusal.SLOT_TAKEN
    assert verdict("9:30", busy=[seat]) is None
    assert verdict("9:30", offer=service(buffer_before=1), busy=[seat]) == Refusal.SLOT_TAKEN
    assert verdict("9:00", offer=service(capacity=2), busy=[seat]) is None
    assert verdict("9:00", offer=service(capacity=2), busy=[seat, seat]) == Refusal.SLOT_TAKEN
    assert verdict("9:30", offer=service(capacity=2, buffer_before=1), busy=[seat]) == Refusal.SLOT_TAKEN


def test_a_practitioner_whom_the_book_does_not_know_has_no_hours():
    book = book_of(practitioner(weekly=daily("9:00-12:00")))
    assert judge(book, service(), "nobody", at(TUESDAY, "9:00"), [], NOW) == Refusal.OUTSIDE_HOURS


def test_the_reason_named_is_the_first_of_the_list_that_holds():
    """Take the reasons away one by one: each time the next one is named."""
    start = at(WEDNESDAY, "12:50")
    wrong = {
        "offer": service(notice=2 * 1440 + 24 * 60, horizon_days=1),
        "now": start,
        "holidays": [WEDNESDAY],
        "time_off": (DatedWindow(WEDNESDAY, WEDNESDAY),),
        "busy": [booked(start, 30)],
        "weekly": daily("9:00-13:00"),
        "daily_limit": 1,
    }
    found = [verdict(start, **wrong)]
    for cure in (
        {"now": NOW},
        {"offer": service(horizon_days=1)},
        {"offer": service()},
        {"holidays": []},
        {"time_off": ()},
        {"weekly": daily("9:00-14:00")},
        {"weekly": daily("9:20-14:00")},
        {"daily_limit": 2},
        {"busy": []},
    ):
        wrong |= cure
        found.append(verdict(start, **wrong))
    assert found == [*Refusal, None]


def test_the_reasons_are_the_words_on_the_wire():
    assert [str(reason) for reason in Refusal] == [
        "past",
        "too_soon",
        "beyond_horizon",
        "holiday",
        "time_off",
        "outside_hours",
        "off_grid",
        "day_full",
        "slot_taken",
    ]


# ── wall times ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        ("Asia/Bangkok", TUESDAY, "9:00", ["2026-12-01T02:00"]),
        ("Asia/Bangkok", TUESDAY, "24:00", ["2026-12-01T17:00"]),
        ("America/New_York", date(2026, 3, 8), "1:59", ["2026-03-08T06:59"]),
        ("America/New_York", date(2026, 3, 8), "2:00", []),
        ("America/New_York", date(2026, 3, 8), "2:59", []),
        ("America/New_York", date(2026, 3, 8), "3:00", ["2026-03-08T07:00"]),
        ("America/New_York", date(2026, 11, 1), "1:30", ["2026-11-01T05:30", "2026-11-01T06:30"]),
        ("America/New_York", date(2026, 11, 1), "2:00", ["2026-11-01T07:00"]),
        ("Australia/Lord_Howe", date(2026, 10, 4), "2:15", []),
        ("Australia/Lord_Howe", date(2026, 4, 5), "1:45", ["2026-04-04T14:45", "2026-04-04T15:15"]),
        ("America/Santiago", date(2026, 9, 5), "24:00", []),
        ("America/Santiago", date(2026, 4, 4), "23:30", ["2026-04-05T02:30", "2026-04-05T03:30"]),
        ("Pacific/Apia", date(2011, 12, 30), "12:00", []),
    ],
)
def test_a_wall_time_occurs_once_or_twice_or_never(zone, day, clock, utc):
    found = local_instants(zone, day, minute(clock))
    assert [f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%dT%H:%M}" for instant in found] == utc


# ── choosing ──────────────────────────────────────────────────────────────────

PEOPLE = ["anan", "busaba", "chai", "dao", "ek"]


def test_the_least_loaded_come_first_and_who_has_no_load_has_none():
    for salt in map(str, range(50)):
        order = choose_order(PEOPLE, {"anan": 60, "busaba": 30, "chai": 90, "dao": 1}, salt)
        assert order == ["ek", "dao", "busaba", "anan", "chai"]


def test_the_choice_depends_on_neither_the_order_nor_the_process():
    assert choose_order(PEOPLE, {}, "1796090400") == choose_order(PEOPLE[::-1], {}, "1796090400")
    assert choose_order(PEOPLE, {}, "1796090400") == ["ek", "chai", "busaba", "anan", "dao"]


def test_ties_spread_evenly_over_many_starts():
    salts = [str(1_796_090_400 + 900 * count) for count in range(5_000)]
    orders = [choose_order(PEOPLE, {}, salt) for salt in salts]
    for place in range(len(PEOPLE)):
        chosen = Counter(order[place] for order in orders)
        # 1,000 each are expected with a standard deviation of 28.
        assert all(880 < chosen[name] < 1_120 for name in PEOPLE), chosen


def test_a_load_of_nothing_is_the_same_as_none():
    for salt in map(str, range(20)):
        assert choose_order(PEOPLE, {"anan": 0, "dao": 0}, salt) == choose_order(PEOPLE, {}, salt)


def test_ties_spread_among_the_least_loaded_only():
    firsts = Counter(choose_order(PEOPLE, {"anan": 5, "busaba": 5}, str(salt))[0] for salt in range(3_000))
    assert set(firsts) == {"chai", "dao", "ek"}
    assert min(firsts.values()) > 880
