"""The times of a day."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bookings.queries.availability import OfferedSlot
from core import clock
from telegram_integration.callbacks import read, unpack_instant
from telegram_integration.cards import Card
from telegram_integration.keyboards.times import (
    TIMES_A_PAGE,
    clock_label,
    other_rows,
    starts_of,
    time_rows,
)
from telegram_integration.keyboards.ways import to_book, to_move
from tests.support.newyork import ZONE, is_repeated, next_day_when

DAY = date(2026, 11, 24)


def slot(hour, minute=0, *, who="bob", seats=1, day=DAY, zone="Asia/Bangkok"):
    start = clock.to_epoch(datetime.combine(day, time(hour, minute), ZoneInfo(zone)))
    return OfferedSlot(start, start + 1800, who, f"Dr {who}", seats, zone)


def times(turn, slots, **asked):
    asked = {"with_seats": False, **asked}
    with translation.override("en"):
        return time_rows(turn, to_book(7), DAY, starts_of(slots), **asked)


def labels(rows):
    return [[button.text for button in row] for row in rows]


def test_times_stand_under_their_part_of_the_day_four_to_a_row(turn):
    morning = [slot(9), slot(9, 30), slot(10), slot(10, 30), slot(11, 59)]
    rows = times(turn, [*morning, slot(12), slot(16, 59), slot(17), slot(23, 55)])
    assert labels(rows) == [
        ["Morning"],
        ["09:00", "09:30", "10:00", "10:30"],
        ["11:59"],
        ["Afternoon"],
        ["12:00", "16:59"],
        ["Evening"],
        ["17:00", "23:55"],
    ]


def test_a_start_that_several_have_is_shown_once(turn):
    rows = times(turn, [slot(9), slot(9, who="eve"), slot(10, who="eve")])
    assert labels(rows)[1] == ["09:00", "10:00"]


def test_seats_are_those_of_all_who_have_the_start(turn):
    rows = times(turn, [slot(9, seats=3), slot(9, who="eve", seats=9), slot(10)], with_seats=True)
    assert labels(rows)[1] == ["09:00 (12)", "10:00 (1)"]


def test_a_time_leads_to_its_instant_and_a_heading_nowhere(turn):
    rows = times(turn, [slot(9)])
    heading, start = (read(row[0].data, bot_id=turn.bot.pk, chat_id=turn.chat_id) for row in rows)
    assert heading.action == "n"
    assert (start.action, start.arguments[0]) == ("bt", "7")
    assert unpack_instant(start.arguments[1]) == datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.mark.parametrize("way", [to_book(2**31 - 1), to_move(UUID(int=2**128 - 1))], ids=["book", "move"])
@pytest.mark.parametrize("page", [0, 1, 4])
def test_a_day_with_a_start_every_five_minutes_is_shown_in_pages_that_fit(turn, way, page):
    slots = [slot(*divmod(minute, 60)) for minute in range(0, 24 * 60, 5)]
    with translation.override("th"):
        rows = time_rows(turn, way, DAY, starts_of(slots), with_seats=True, page=page)
    Card(text="Choose a time.", rows=(*rows, rows[0], rows[0]))
    shown = [button.text for row in rows for button in row if ":" in button.text]
    assert len(shown) == (TIMES_A_PAGE if page < 4 else 288 - 4 * TIMES_A_PAGE)
    assert len(rows[-1]) == (2 if page == 1 else 1)


def test_pages_hold_every_start_once(turn):
    slots = [slot(*divmod(minute, 60)) for minute in range(0, 24 * 60, 5)]
    shown = [
        text
        for page in range(5)
        for row in labels(times(turn, slots, page=page))
        for text in row
        if ":" in text
    ]
    assert shown == [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(0, 60, 5)]


def test_two_hours_of_one_name_are_told_apart():
    day = next_day_when(is_repeated, time(1, 30))
    first = datetime.combine(day, time(1, 30), ZoneInfo(ZONE))
    assert clock_label(first) == "01:30 EDT"
    assert clock_label(first.replace(fold=1)) == "01:30 EST"
    assert clock_label(first + timedelta(hours=2)) == "03:30"


def test_the_repeated_hour_has_both_its_starts(turn):
    day = next_day_when(is_repeated, time(1, 30))
    first = slot(1, 30, day=day, zone=ZONE)
    again = first._replace(start=first.start + 3600, end=first.end + 3600)
    rows = times(turn, [first, again, slot(2, day=day, zone=ZONE)])
    assert labels(rows) == [["Morning"], ["01:30 EDT", "01:30 EST", "02:00"]]


def test_times_of_other_days_name_their_day(turn):
    with translation.override("en"):
        assert labels(other_rows(turn, to_book(7), [slot(9), slot(13, 30)])) == [
            ["Tue 24 Nov, 09:00"],
            ["Tue 24 Nov, 13:30"],
        ]
    with translation.override("th"):
        assert labels(other_rows(turn, to_book(7), [slot(9)])) == [["อ. 24 พ.ย., 09:00"]]
