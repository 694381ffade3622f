"""The calendar of a month."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import translation

from bookings.models import HealthcareService
from bookings.queries.months import OpenMonth
from telegram_integration.callbacks import pack_day, read, unpack_day
from telegram_integration.cards import Card, Style
from telegram_integration.keyboards.calendar import month_rows
from telegram_integration.keyboards.ways import to_book, to_move

LAST_UUID = UUID(int=2**128 - 1)


def month_of(first, *, free=(), today=None, last_day=None):
    """A month in which something is free on some of its days (their numbers)."""
    after = (first + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=number) for number in range((after - first).days)]
    counts = {day: int(day.day in free) for day in days}
    bounds = today or days[0], last_day or days[-1]
    return OpenMonth(HealthcareService(name_th="ตรวจ", name_en="Check-up"), "Asia/Bangkok", *bounds, counts)


def labels(rows):
    return [[button.text for button in row] for row in rows]


def tap_of(turn, button):
    return read(button.data, bot_id=turn.bot.pk, chat_id=turn.chat_id)


def buttons(rows):
    return [button for row in rows for button in row]


def test_a_month_is_its_name_the_weekdays_and_its_weeks_from_sunday_on(turn):
    november = month_of(date(2026, 11, 1), free={3, 24})
    with translation.override("en"):
        rows = labels(month_rows(turn, to_book(7), november))
    assert rows[0] == ["November 2026"]
    assert rows[1] == ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    assert rows[2] == ["·", "·", "3", "·", "·", "·", "·"]
    assert rows[5] == ["·", "·", "24", "·", "·", "·", "·"]
    assert rows[6] == ["·", "·", *["\u2800"] * 5]


def test_in_thai_the_year_is_the_buddhist_one(turn):
    with translation.override("th"):
        rows = labels(month_rows(turn, to_book(7), month_of(date(2026, 11, 1))))
    assert rows[0] == ["พฤศจิกายน 2569"]
    assert rows[1][:2] == ["อา.", "จ."]


def test_a_free_day_leads_to_its_times_and_any_other_nowhere(turn):
    rows = month_rows(turn, to_book(7), month_of(date(2026, 11, 1), free={24}))
    for button in buttons(rows[2:]):
        tap = tap_of(turn, button)
        if button.text == "24":
            assert (tap.action, tap.arguments[0], unpack_day(tap.arguments[1])) == (
                "bd",
                "7",
                date(2026, 11, 24),
            )
        else:
            assert tap.action == "n"


@pytest.mark.parametrize(
    ("today", "last_day", "signs"),
    [
        (date(2026, 11, 3), date(2026, 11, 30), []),
        (date(2026, 11, 3), date(2026, 12, 1), ["»"]),
        (date(2026, 10, 31), date(2026, 11, 30), ["«"]),
        (date(2026, 10, 31), date(2027, 1, 5), ["«", "»"]),
    ],
    ids=["only", "first", "last", "between"],
)
def test_the_neighbours_can_be_leafed_to_as_far_as_can_be_booked(turn, today, last_day, signs):
    month = month_of(date(2026, 11, 1), today=today, last_day=last_day)
    (heading, *_) = month_rows(turn, to_book(7), month)
    assert [button.text for button in heading if button.text in "«»"] == signs
    asked = {
        button.text: unpack_day(tap_of(turn, button).arguments[1])
        for button in heading
        if button.text in signs
    }
    assert asked == {sign: {"«": date(2026, 10, 31), "»": date(2026, 12, 1)}[sign] for sign in signs}


def test_weeks_that_are_over_or_too_far_off_are_left_out(turn):
    month = month_of(date(2026, 11, 1), today=date(2026, 11, 10), last_day=date(2026, 11, 21))
    with translation.override("en"):
        rows = month_rows(turn, to_book(7), month)
    assert len(rows) == 2 + 2


def test_today_stands_out(turn):
    month = month_of(date(2026, 11, 1), free={3, 4}, today=date(2026, 11, 3))
    styles = {button.text: button.style for button in buttons(month_rows(turn, to_book(7), month))}
    assert (styles["3"], styles["4"]) == (Style.PRIMARY, Style.PLAIN)


@pytest.mark.parametrize("way", [to_book(2**31 - 1), to_move(LAST_UUID)], ids=["book", "move"])
def test_a_long_month_fits_into_a_message(turn, way):
    # August 2026 begins on a Saturday: six weeks.
    month = month_of(
        date(2026, 8, 1), free=set(range(1, 32)), today=date(2026, 1, 1), last_day=date(2027, 1, 1)
    )
    rows = month_rows(turn, way, month)
    assert len(rows) == 8
    Card(text="Choose a day.", rows=rows)
    assert max(len(button.data.encode()) for button in buttons(rows)) <= 64


def test_the_day_of_a_far_year_still_fits():
    assert unpack_day(pack_day(date(2099, 12, 31))) == date(2099, 12, 31)
