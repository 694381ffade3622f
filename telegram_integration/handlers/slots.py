"""Cards on which a day and a time are chosen, for a new booking and for one that moves."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from bookings.actions.oneself import release_own_hold
from bookings.errors import HoldExpired, PatientBusy, PractitionerNotFound, SlotRefused, TryAgain
from bookings.queries.availability import Availability, OfferedSlot
from bookings.queries.months import OpenMonth
from core import clock
from core.errors import DomainError
from telegram_integration.callbacks import pack_day
from telegram_integration.cards import Button, Card, Rows, Style
from telegram_integration.keyboards.calendar import month_rows
from telegram_integration.keyboards.times import other_rows, starts_of, time_rows
from telegram_integration.keyboards.ways import Way
from telegram_integration.turn import Turn
from telegram_integration.words import booking as words
from telegram_integration.words.menu import menu_button
from tenants.context import current_hospital

# What can happen to a slot between seeing it and having it: each leads back to the times of its day.
LOST = (SlotRefused, PatientBusy, HoldExpired, PractitionerNotFound, TryAgain)


def why_lost(error: DomainError) -> str:
    """One line about a slot that could not be had, to the person themselves."""
    if isinstance(error, PatientBusy):
        return _("You have another appointment at this time.")
    if isinstance(error, PractitionerNotFound):
        return _("This time cannot be booked any more.")
    return str(error)


def start_anew(turn: Turn) -> None:
    """Let go what is kept for whoever begins to choose: their own hold would hide the very time from them."""
    if turn.is_linked:
        turn.do(release_own_hold)


def month_card(turn: Turn, way: Way, month: OpenMonth, *, line: str = "") -> Card:
    """The calendar of a month; where nothing is free as far as can be booked, the ways on."""
    back = turn.button(_("« Back"), *way.back)
    wait = wait_button(turn, way)
    if month.is_sold_out:
        text = words.no_day_text(month.service, current_hospital())
        return Card(text=words.with_line(line, text), rows=((wait,), (back, menu_button(turn))))
    text = words.with_line(line, words.month_text(month.service, is_empty=month.is_full))
    return Card(text=text, rows=(*month_rows(turn, way, month), (wait,), (back, menu_button(turn))))


def day_card(
    turn: Turn,
    way: Way,
    found: Availability,
    others: list[OfferedSlot],
    *,
    page: int = 0,
    line: str = "",
) -> Card:
    """The free times of a day; where there are none, the nearest ones of other days and the waiting list."""
    service, day, with_seats = found.service, found.date_from, found.service.capacity > 1
    leave = _leave_row(turn, way, day)
    if not found.slots:
        text = words.no_time_text(service, day, has_others=bool(others))
        rows: Rows = (*other_rows(turn, way, others), (wait_button(turn, way),), leave)
        return Card(text=words.with_line(line, text), rows=rows)
    times = time_rows(turn, way, day, starts_of(found.slots), with_seats=with_seats, page=page)
    text = words.times_text(service, day, with_seats=with_seats)
    return Card(text=words.with_line(line, text), rows=(*times, leave))


def wait_button(turn: Turn, way: Way) -> Button:
    """The way to the waiting list."""
    return turn.button(way.wait_label(), way.wait, *way.arguments)


def confirm_button(turn: Turn, action: str, *arguments: str) -> Button:
    """Yes."""
    return turn.button(_("Confirm"), action, *arguments, style=Style.SUCCESS)


def day_of(instant: datetime) -> date:
    """The day that an instant has on the hospital's clocks."""
    return instant.astimezone(clock.zone(current_hospital().timezone)).date()


def _leave_row(turn: Turn, way: Way, day: date) -> tuple[Button, ...]:
    back = turn.button(_("« Back"), way.month, *way.arguments, pack_day(day))
    return (back, menu_button(turn))
