"""A practitioner's daily limit: what counts, on which date, and what it closes."""

from datetime import timedelta

from bookings.rules.policy import Refusal, judge
from bookings.rules.slots import busy_range, count_free_by_day, free_slots
from tests.bookings.rules.builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    book_of,
    booked,
    clocks,
    daily,
    practitioner,
    service,
)

NOW = at(MONDAY, "0:00")
MORNING = daily("9:00-11:00")


def slots(day, busy, limit=2, offer=None, book=None):
    book = book or book_of(practitioner(weekly=MORNING, daily_limit=limit))
    offer = offer or service()
    found = free_slots(book, offer, ["anan"], day, day, {"anan": busy}, NOW)
    return clocks(slot.start for slot in found)


def test_a_day_is_free_until_its_limit_is_reached_and_then_not_at_all():
    first, second = booked(at(TUESDAY, "9:00"), 30), booked(at(TUESDAY, "10:00"), 30)
    assert slots(TUESDAY, [first]) == ["09:30", "10:00", "10:30"]
    assert slots(TUESDAY, [first, second]) == []


def test_other_days_stay_free():
    busy = [booked(at(TUESDAY, "9:00"), 30), booked(at(TUESDAY, "10:00"), 30)]
    assert slots(MONDAY, busy) == slots(WEDNESDAY, busy) == ["09:00", "09:30", "10:00", "10:30"]
    book = book_of(practitioner(weekly=MORNING, daily_limit=2))
    counts = count_free_by_day(book, service(), ["anan"], MONDAY, WEDNESDAY, {"anan": busy}, NOW)
    assert list(counts.values()) == [4, 0, 4]


def test_whatever_is_booked_counts_and_each_person_of_a_session():
    yoga = [booked(at(TUESDAY, "9:00"), 30, service_id=2)] * 2
    assert slots(TUESDAY, yoga) == []
    assert slots(TUESDAY, yoga, limit=3) == ["09:30", "10:00", "10:30"]
    group = service(capacity=9)
    own = [booked(at(TUESDAY, "9:00"), 30)] * 2
    assert slots(TUESDAY, own, offer=group) == []


def test_what_began_earlier_today_counts_though_it_is_over():
    busy, now = [booked(at(MONDAY, "9:00"), 30)], at(MONDAY, "10:00")
    book = book_of(practitioner(weekly=MORNING, daily_limit=1))
    begin, end = busy_range(book, book.services[1], MONDAY, MONDAY, now)
    assert begin == at(MONDAY, "0:00")
    assert end > at(TUESDAY, "0:00")
    assert free_slots(book, service(), ["anan"], MONDAY, MONDAY, {"anan": busy}, now) == []


def test_without_a_limit_no_more_is_asked_for_than_before():
    now = at(MONDAY, "10:00")
    limited = practitioner("busaba", weekly=MORNING, daily_limit=1)
    book = book_of(practitioner(weekly=MORNING), limited)
    alone = service(practitioner_ids=("anan",))
    assert busy_range(book, alone, MONDAY, MONDAY, now)[0] == now + 1
    assert busy_range(book, book.services[1], MONDAY, MONDAY, now)[0] == at(MONDAY, "0:00")


def test_a_visit_counts_on_the_date_of_its_start_by_the_hospitals_clocks():
    around = daily("0:00-24:00")
    # In New York it is still Monday; the hospital is in Bangkok.
    book = book_of(practitioner(zone="America/New_York", weekly=around, daily_limit=1))
    early = [booked(at(TUESDAY, "1:00"), 30)]
    assert slots(TUESDAY, early, book=book) == []
    assert slots(MONDAY, early, book=book) != []
    over_midnight = [booked(at(MONDAY, "23:30"), 60)]
    local = book_of(practitioner(weekly=around, daily_limit=1))
    assert slots(MONDAY, over_midnight, book=local) == []
    assert "00:30" in slots(TUESDAY, over_midnight, book=local)


def test_a_full_day_is_named_before_the_seat_that_is_taken():
    book = book_of(practitioner(weekly=MORNING, daily_limit=1))
    busy, nine, ten = [booked(at(TUESDAY, "9:00"), 30)], at(TUESDAY, "9:00"), at(TUESDAY, "10:00")
    assert judge(book, service(), "anan", nine, busy, NOW) == Refusal.DAY_FULL
    assert judge(book, service(), "anan", ten, busy, NOW) == Refusal.DAY_FULL
    assert judge(book, service(), "anan", ten + 86400, busy, NOW) is None
    assert judge(book, service(), "anan", at(TUESDAY, "12:00"), busy, NOW) == Refusal.OUTSIDE_HOURS


def test_a_range_that_is_empty_or_of_strangers_has_no_full_days():
    book = book_of(practitioner(weekly=MORNING, daily_limit=1))
    busy = {"anan": [booked(at(TUESDAY, "9:00"), 30)]}
    assert free_slots(book, service(), ["anan"], WEDNESDAY, TUESDAY, busy, NOW) == []
    assert free_slots(book, service(), ["anan"], TUESDAY, TUESDAY - timedelta(days=9), busy, NOW) == []
    assert free_slots(book, service(), ["nobody"], TUESDAY, TUESDAY, busy, NOW) == []
