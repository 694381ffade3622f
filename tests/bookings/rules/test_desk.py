"""What binds the desk, and what only whoever books by themselves."""

import pytest

from bookings.rules.desk import FARTHEST_DAYS, at_desk, first_free, judge_at_desk, out_of_reach
from bookings.rules.policy import Refusal
from bookings.rules.rulebook import DatedWindow
from bookings.rules.slots import free_slots
from tests.bookings.rules.builders import (
    MONDAY,
    TUESDAY,
    at,
    book_of,
    booked,
    clocks,
    daily,
    practitioner,
    service,
)

NOW = at(TUESDAY, "10:10")
STRICT = service(notice=2880, horizon_days=0)


def verdict(clock, day=TUESDAY, offer=STRICT, busy=(), now=NOW, holidays=(), **rules):
    someone = practitioner(**{"weekly": daily("9:00-12:00"), **rules})
    book = book_of(someone, holidays=holidays)
    return judge_at_desk(book, offer, "anan", at(day, clock), list(busy), now)


@pytest.mark.parametrize("clock", ["9:00", "9:07", "10:10", "10:11", "11:30"])
def test_neither_notice_nor_grid_nor_this_days_past_binds_the_desk(clock):
    assert verdict(clock) is None


def test_yesterday_and_what_lies_beyond_two_years_are_out_of_reach():
    assert verdict("11:30", day=MONDAY) == Refusal.PAST
    book = book_of(practitioner(weekly=daily("9:00-12:00")))
    last = at(TUESDAY, "23:59") + FARTHEST_DAYS * 86400
    assert out_of_reach(book, last, NOW) is None
    assert out_of_reach(book, last + 60, NOW) == Refusal.BEYOND_HORIZON
    assert judge_at_desk(book, STRICT, "anan", last + 60, [], NOW) == Refusal.BEYOND_HORIZON


def test_hours_holidays_time_off_seats_and_the_daily_limit_bind_the_desk_too():
    taken = [booked(at(TUESDAY, "9:00"), 30)]
    assert verdict("11:31") == verdict("8:59") == Refusal.OUTSIDE_HOURS
    assert verdict("9:00", holidays=[TUESDAY]) == Refusal.HOLIDAY
    assert verdict("9:00", time_off=(DatedWindow(TUESDAY, TUESDAY),)) == Refusal.TIME_OFF
    assert verdict("9:29", busy=taken) == Refusal.SLOT_TAKEN
    assert verdict("9:30", busy=taken) is None
    assert verdict("9:30", busy=taken, daily_limit=1) == Refusal.DAY_FULL


def test_the_desk_is_offered_the_grid_of_every_day_within_two_years():
    book = book_of(practitioner(weekly=daily("9:00-12:00")))
    found = free_slots(book, at_desk(STRICT), ["anan"], TUESDAY, TUESDAY, {}, NOW)
    assert clocks(slot.start for slot in found) == ["10:30", "11:00", "11:30"]


def first(clock, busy=(), offer=STRICT, **rules):
    someone = practitioner(**{"weekly": daily("9:00-12:00", "13:00-14:00"), **rules})
    found = first_free(book_of(someone), offer, "anan", at(TUESDAY, clock), list(busy), NOW)
    return found and clocks([found])[0]


def test_the_first_free_time_is_now_or_when_somebody_else_is_done():
    assert first("10:10") == "10:10"
    assert first("10:10", [booked(at(TUESDAY, "10:00"), 30)]) == "10:30"
    assert first("10:10", [booked(at(TUESDAY, "10:30"), 30)]) == "11:00"
    assert first("10:10", [booked(at(TUESDAY, "10:00"), 30, after=5)]) == "10:35"
    assert first("10:10", [booked(at(TUESDAY, "10:00"), 30)], service(buffer_before=10)) == "10:40"


def test_the_first_free_time_waits_for_doors_to_open_and_for_who_is_away():
    assert first("8:10") == "09:00"
    assert first("11:31") == "13:00"
    away = (DatedWindow(TUESDAY, TUESDAY, 600, 645),)
    assert first("10:10", time_off=away) == "10:45"


def test_the_first_free_time_of_a_group_may_be_a_seat_in_a_session():
    group = service(capacity=2)
    session = booked(at(TUESDAY, "10:30"), 30)
    assert first("10:10", [session], group) == "10:30"
    assert first("10:10", [session, session], group) == "11:00"


def test_where_nothing_is_free_today_there_is_no_first_time():
    assert first("13:31") is None
    assert first("10:10", [booked(at(TUESDAY, "9:00"), 30)], daily_limit=1) is None
    assert first_free(book_of(practitioner()), STRICT, "nobody", NOW, [], NOW) is None
