"""The calendar of a month: only days with something free can be chosen."""

from calendar import Calendar
from datetime import date, timedelta

from django.utils.dateformat import format as format_date

from bookings.actions.wording import month_in_words
from bookings.queries.months import OpenMonth
from telegram_integration.callbacks import pack_day
from telegram_integration.cards import Button, Rows, Style
from telegram_integration.keyboards.grid import IDLE, NOTHING_FREE
from telegram_integration.keyboards.ways import Way
from telegram_integration.turn import Turn

# Weeks begin on Sunday, as on the calendars that people there have on their walls.
_WEEKS = Calendar(firstweekday=6)
_A_SUNDAY = date(2023, 1, 1)
# A button needs a text; this one (U+2800) is a letter without ink.
_NOT_FREE, _NO_DAY = "·", "\u2800"


def month_rows(turn: Turn, way: Way, month: OpenMonth) -> Rows:
    """The month's name between the ways to its neighbours, the weekdays, the weeks."""
    weeks = _WEEKS.monthdatescalendar(month.first.year, month.first.month)
    # What is over, or too far off, is left out a week at a time.
    shown = [week for week in weeks if week[-1] >= month.today and week[0] <= month.last_day]
    days = tuple(tuple(_day(turn, way, month, day) for day in week) for week in shown)
    return (_heading(turn, way, month), _weekdays(turn), *days)


def _heading(turn: Turn, way: Way, month: OpenMonth) -> tuple[Button, ...]:
    def leaf(sign: str, day: date | None) -> tuple[Button, ...]:
        return (turn.button(sign, way.month, *way.arguments, pack_day(day)),) if day is not None else ()

    name = turn.button(month_in_words(month.first), IDLE)
    return (*leaf("«", month.before), name, *leaf("»", month.after))


def _weekdays(turn: Turn) -> tuple[Button, ...]:
    days = (_A_SUNDAY + timedelta(days=number) for number in range(7))
    return tuple(turn.button(format_date(day, "D"), IDLE) for day in days)


def _day(turn: Turn, way: Way, month: OpenMonth, day: date) -> Button:
    if day.month != month.first.month:
        return turn.button(_NO_DAY, IDLE)
    if not month.free_by_day.get(day):
        return turn.button(_NOT_FREE, IDLE, NOTHING_FREE)
    style = Style.PRIMARY if day == month.today else Style.PLAIN
    return turn.button(str(day.day), way.day, *way.arguments, pack_day(day), style=style)
