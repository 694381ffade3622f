"""Rules 3 to 6: the grid, what is busy, notice, horizon, and whose dates are asked for."""

from datetime import date, timedelta

import pytest

from bookings.rules.rulebook import DatedWindow, WeeklyWindow
from bookings.rules.slots import Slot, free_slots
from tests.bookings.rules.builders import (
    BANGKOK,
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
NEW_YORK = "America/New_York"


def starts(offer=None, day=TUESDAY, busy=(), now=NOW, holidays=(), zone=BANGKOK, **rules):
    """Return the free starts of one practitioner on one date, as the hospital's clock shows them."""
    someone = practitioner(zone=zone, **{"weekly": daily("9:00-11:00"), **rules})
    book = book_of(someone, zone=zone, holidays=holidays)
    slots = free_slots(book, offer or service(), ["anan"], day, day, {"anan": busy}, now)
    return clocks((slot.start for slot in slots), zone)


# ── the grid ──────────────────────────────────────────────────────────────────


def test_a_slot_tells_start_end_practitioner_and_seats():
    book = book_of(practitioner(weekly=daily("9:00-9:30")))
    slots = free_slots(book, service(capacity=4), ["anan"], TUESDAY, TUESDAY, {}, NOW)
    assert slots == [Slot(at(TUESDAY, "9:00"), at(TUESDAY, "9:30"), "anan", 4)]


def test_starts_step_by_the_interval_and_the_visit_ends_within_the_hours():
    assert starts() == ["09:00", "09:30", "10:00", "10:30"]
    assert starts(service(interval=20)) == ["09:00", "09:20", "09:40", "10:00", "10:20"]
    assert starts(service(duration=121)) == []


def test_each_window_has_a_grid_of_its_own():
    weekly = daily("9:00-9:50", "10:10-11:10")
    assert starts(weekly=weekly) == ["09:00", "10:10", "10:40"]


def test_windows_that_touch_share_one_grid():
    assert starts(service(interval=45), weekly=daily("9:00-10:00", "10:00-11:00")) == [
        "09:00",
        "09:45",
        "10:30",
    ]


def test_time_off_takes_starts_and_does_not_shift_the_grid():
    off = (DatedWindow(TUESDAY, TUESDAY, 9 * 60 + 5, 9 * 60 + 50),)
    assert starts(time_off=off) == ["10:00", "10:30"]
    assert starts(day=WEDNESDAY, time_off=off) == ["09:00", "09:30", "10:00", "10:30"]


def test_a_visit_may_touch_time_off_at_either_end():
    off = (DatedWindow(TUESDAY, TUESDAY, 570, 600),)
    assert starts(time_off=off) == ["09:00", "10:00", "10:30"]


def test_buffers_may_reach_outside_the_hours_and_into_time_off():
    off = (DatedWindow(TUESDAY, TUESDAY, 570, 600),)
    wide = service(buffer_before=60, buffer_after=60)
    assert starts(wide, time_off=off) == ["09:00", "10:00", "10:30"]


def test_a_visit_may_run_over_midnight_where_the_windows_touch():
    late, early = WeeklyWindow(1, 1380, 1440), WeeklyWindow(2, 0, 60)
    hour = service(duration=60)
    assert starts(hour, weekly=(late, early)) == ["23:00", "23:30"]
    assert starts(hour, weekly=(late,)) == ["23:00"]
    assert starts(hour, weekly=(late, WeeklyWindow(2, 1, 60))) == ["23:00"]
    assert starts(hour, weekly=(late, early), holidays=[WEDNESDAY]) == ["23:00"]


def test_a_visit_may_last_over_more_than_one_midnight():
    around_the_clock = daily("0:00-24:00")
    off = (DatedWindow(TUESDAY + timedelta(days=3), TUESDAY + timedelta(days=9)),)
    assert starts(service(duration=3 * 1440, interval=720), weekly=around_the_clock, time_off=off) == [
        "00:00"
    ]


def test_the_grid_counts_elapsed_time_over_a_change_of_the_clock():
    hour = service(duration=60, interval=60)
    now = at(date(2026, 10, 30), "0:00")
    back = starts(hour, date(2026, 11, 1), now=now, zone=NEW_YORK, weekly=daily("0:00-4:00"))
    assert back == ["00:00", "01:00", "01:00", "02:00", "03:00"]
    now = at(date(2026, 3, 1), "0:00")
    forward = starts(hour, date(2026, 3, 8), now=now, zone=NEW_YORK, weekly=daily("0:00-4:00"))
    assert forward == ["00:00", "01:00", "03:00"]


# ── what is busy ──────────────────────────────────────────────────────────────


def test_a_booking_takes_every_start_whose_visit_would_overlap_it():
    assert starts(service(interval=15), busy=[booked(at(TUESDAY, "9:45"), 15)]) == [
        "09:00",
        "09:15",
        "10:00",
        "10:15",
        "10:30",
    ]


def test_the_buffers_of_both_sides_keep_visits_apart():
    own = service(duration=10, interval=10, buffer_before=10, buffer_after=20)
    entry = booked(at(TUESDAY, "10:00"), 10, before=10, after=10)
    # Occupied from 9:50 to 10:20: the last visit before ends at 9:30, the first after starts at 10:30.
    assert starts(own, busy=[entry]) == ["09:00", "09:10", "09:20", "10:30", "10:40", "10:50"]


def test_buffers_are_kept_to_the_minute():
    entry = booked(at(TUESDAY, "11:00"), 60)
    long = service(duration=60, interval=1, buffer_before=60, buffer_after=60)
    found = starts(long, busy=[entry], weekly=daily("8:00-15:00"))
    assert found == [
        *(f"08:{late:02}" for late in range(60)),
        "09:00",
        *(f"13:{late:02}" for late in range(60)),
        "14:00",
    ]


def test_the_order_of_the_entries_does_not_matter():
    entries = [
        booked(at(TUESDAY, "10:30"), 30),
        booked(at(TUESDAY, "9:00"), 90),
        booked(at(TUESDAY, "9:30"), 10),
    ]
    assert starts(busy=entries) == starts(busy=entries[::-1]) == []


def test_another_practitioners_booking_takes_nothing():
    book = book_of(practitioner(weekly=daily("9:00-9:30")))
    busy = {"busaba": [booked(at(TUESDAY, "9:00"), 30)]}
    assert len(free_slots(book, service(), ["anan"], TUESDAY, TUESDAY, busy, NOW)) == 1


def seats(entries, capacity=3):
    book = book_of(practitioner(weekly=daily("9:00-10:30")))
    offer = service(capacity=capacity)
    slots = free_slots(book, offer, ["anan"], TUESDAY, TUESDAY, {"anan": entries}, NOW)
    return {
        clock: slot.seats_left
        for clock, slot in zip(clocks(slot.start for slot in slots), slots, strict=True)
    }


def test_bookings_of_one_session_take_its_seats_until_it_is_full():
    seat = booked(at(TUESDAY, "9:30"), 30)
    assert seats([seat]) == {"09:00": 3, "09:30": 2, "10:00": 3}
    assert seats([seat, seat]) == {"09:00": 3, "09:30": 1, "10:00": 3}
    assert seats([seat, seat, seat]) == {"09:00": 3, "10:00": 3}
    assert seats([seat] * 4) == {"09:00": 3, "10:00": 3}


def test_a_session_takes_the_starts_beside_it_that_it_overlaps():
    assert seats([booked(at(TUESDAY, "9:30"), 30, before=5)]) == {"09:30": 2, "10:00": 3}
    assert seats([booked(at(TUESDAY, "9:30"), 30, after=5)]) == {"09:00": 3, "09:30": 2}
    assert seats([booked(at(TUESDAY, "9:40"), 30)]) == {"09:00": 3}


def test_another_service_at_the_same_start_takes_the_whole_session():
    other = booked(at(TUESDAY, "9:30"), 30, service_id=2)
    seat = booked(at(TUESDAY, "9:30"), 30)
    assert seats([other]) == {"09:00": 3, "10:00": 3}
    assert seats([seat, other]) == seats([other, seat]) == {"09:00": 3, "10:00": 3}


# ── notice and horizon ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("late", "notice", "first"),
    [
        (0, 0, "09:30"),
        (-1, 0, "09:00"),
        (0, 30, "09:30"),
        (1, 30, "10:00"),
        (0, 31, "10:00"),
        (0, 1, "09:30"),
    ],
)
def test_a_start_is_after_now_and_keeps_the_notice(late, notice, first):
    assert starts(service(notice=notice), now=at(TUESDAY, "9:00") + late)[0] == first


def test_the_horizon_includes_its_last_date_and_nothing_after_it():
    near = service(horizon_days=1)
    assert starts(near, TUESDAY, now=at(MONDAY, "23:59")) != []
    assert starts(near, WEDNESDAY, now=at(MONDAY, "23:59")) == []
    assert starts(near, WEDNESDAY, now=at(TUESDAY, "0:00")) != []
    assert starts(service(horizon_days=0), TUESDAY, now=at(TUESDAY, "0:00")) != []


def test_today_is_what_the_hospitals_calendar_says():
    # 20:00 on Monday in UTC is already Tuesday in Bangkok.
    assert starts(service(horizon_days=1), WEDNESDAY, now=at(MONDAY, "20:00", "UTC")) != []


# ── whose dates ───────────────────────────────────────────────────────────────


def test_a_practitioner_elsewhere_has_the_starts_that_fall_on_the_hospitals_date():
    # From 6:00 to 14:00 in New York is from 18:00 to 02:00 in Bangkok, in winter.
    someone = practitioner(zone=NEW_YORK, weekly=daily("6:00-14:00"))
    hourly = service(duration=60, interval=60)
    slots = free_slots(book_of(someone), hourly, ["anan"], TUESDAY, TUESDAY, {}, NOW)
    assert clocks(slot.start for slot in slots) == [
        "00:00",
        "01:00",
        *(f"{hour}:00" for hour in range(18, 24)),
    ]
    assert slots[0].start == at(TUESDAY, "0:00")


def test_the_hospitals_dates_part_at_its_midnight_to_the_minute():
    # From 11:58 to 12:02 in New York is from 23:58 to 00:02 in Bangkok.
    someone = practitioner(zone=NEW_YORK, weekly=daily("11:58-12:02"))
    slots = free_slots(book_of(someone), service(duration=1, interval=1), ["anan"], TUESDAY, TUESDAY, {}, NOW)
    assert clocks(slot.start for slot in slots) == ["00:00", "00:01", "23:58", "23:59"]


def test_a_holiday_closes_the_practitioners_own_date():
    someone = practitioner(zone=NEW_YORK, weekly=daily("6:00-14:00"))
    hourly = service(duration=60, interval=60)
    slots = free_slots(book_of(someone, holidays=[TUESDAY]), hourly, ["anan"], TUESDAY, WEDNESDAY, {}, NOW)
    # Monday's end and Wednesday's beginning in New York stand; Tuesday in New York is closed.
    assert clocks(slot.start for slot in slots) == [
        "00:00",
        "01:00",
        *(f"{hour}:00" for hour in range(18, 24)),
    ]


def test_slots_come_by_start_and_then_in_the_order_of_the_practitioners():
    book = book_of(
        practitioner("anan", weekly=daily("9:00-10:00")), practitioner("busaba", weekly=daily("9:00-10:00"))
    )
    slots = free_slots(book, service(), ["busaba", "anan"], TUESDAY, TUESDAY, {}, NOW)
    found = list(
        zip(clocks(slot.start for slot in slots), (slot.practitioner_id for slot in slots), strict=True)
    )
    assert found == [("09:00", "busaba"), ("09:00", "anan"), ("09:30", "busaba"), ("09:30", "anan")]


def test_an_unknown_practitioner_and_a_reversed_range_have_no_slots():
    book = book_of(practitioner(weekly=daily("9:00-10:00")))
    assert free_slots(book, service(), ["nobody"], TUESDAY, TUESDAY, {}, NOW) == []
    assert free_slots(book, service(), ["anan"], WEDNESDAY, TUESDAY, {}, NOW) == []
