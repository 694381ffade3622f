"""Counting a month, asking the database for no more than matters, and what a book remembers."""

from datetime import date, timedelta

from bookings.rules.rulebook import BoundedCache, WeeklyWindow
from bookings.rules.slots import busy_range, count_free_by_day, free_slots
from tests.bookings.rules.builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    book_of,
    booked,
    daily,
    practitioner,
    service,
)

NOW = at(MONDAY, "0:00")


# ── counting ──────────────────────────────────────────────────────────────────


def test_every_date_of_the_range_is_counted_even_where_nothing_is_free():
    book = book_of(
        practitioner("anan", weekly=daily("9:00-10:00")),
        practitioner("busaba", weekly=(WeeklyWindow(1, 540, 600),)),
    )
    busy = {"anan": [booked(at(TUESDAY, "9:00"), 30)]}
    sunday = MONDAY - timedelta(days=1)
    counts = count_free_by_day(
        book, service(horizon_days=2), ["anan", "busaba"], sunday, WEDNESDAY + timedelta(days=1), busy, NOW
    )
    assert list(counts.items()) == [
        (sunday, 0),
        (MONDAY, 2),
        (TUESDAY, 3),
        (WEDNESDAY, 2),
        (WEDNESDAY + timedelta(days=1), 0),
    ]


def test_a_reversed_range_has_no_dates_to_count():
    book = book_of(practitioner(weekly=daily("9:00-10:00")))
    assert count_free_by_day(book, service(), ["anan"], WEDNESDAY, TUESDAY, {}, NOW) == {}


def test_a_start_with_several_seats_counts_once():
    book = book_of(practitioner(weekly=daily("9:00-10:00")))
    assert count_free_by_day(book, service(capacity=9), ["anan"], TUESDAY, TUESDAY, {}, NOW) == {TUESDAY: 2}


def test_the_last_date_of_the_calendar_is_answered_and_free_of_slots():
    book = book_of(practitioner(weekly=daily("9:00-10:00")))
    assert count_free_by_day(book, service(), ["anan"], date.max, date.max, {}, NOW) == {date.max: 0}
    assert free_slots(book, service(), ["anan"], date.min, date.min, {}, NOW) == []
    assert busy_range(book, service(), date.max, date.max, NOW) == (0, 0)


# ── what to ask the database for ──────────────────────────────────────────────


def test_the_busy_range_reaches_past_the_dates_by_the_visit_and_its_buffers():
    offer = service(duration=30, buffer_before=5, buffer_after=10)
    expected = at(TUESDAY, "0:00") - 300, at(WEDNESDAY, "0:40")
    assert busy_range(book_of(practitioner()), offer, TUESDAY, TUESDAY, NOW) == expected


def test_the_busy_range_is_no_wider_than_notice_and_horizon():
    offer = service(notice=60, horizon_days=1)
    book = book_of(practitioner())
    found = busy_range(book, offer, MONDAY - timedelta(days=40), MONDAY + timedelta(days=40), NOW)
    assert found == (at(MONDAY, "1:00"), at(WEDNESDAY, "0:30"))
    assert busy_range(book, service(notice=2880), MONDAY, TUESDAY, NOW) == (0, 0)


# ── the book's memory ─────────────────────────────────────────────────────────


def test_services_that_differ_only_in_buffers_and_seats_share_what_is_remembered():
    book = book_of(practitioner(weekly=daily("9:00-10:00")))
    for offer in (service(), service(id=2, buffer_after=5, capacity=3)):
        free_slots(book, offer, ["anan"], TUESDAY, TUESDAY, {}, NOW)
    assert len(book.starts_cache) == 1


def test_services_of_another_length_or_step_are_told_apart():
    book = book_of(practitioner(weekly=daily("9:00-10:00")))
    for offer in (service(), service(duration=60), service(interval=15)):
        slots = free_slots(book, offer, ["anan"], TUESDAY, TUESDAY, {}, NOW)
        assert len(slots) == {(30, 30): 2, (60, 30): 1, (30, 15): 3}[offer.duration, offer.interval]


def test_a_full_memory_is_emptied_rather_than_grown():
    cache = BoundedCache(3)
    for number in range(10):
        assert cache.keep(number, number * number) == number * number
        assert len(cache) <= 3
    assert dict(cache) == {9: 81}
