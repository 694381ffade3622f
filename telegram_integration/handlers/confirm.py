"""Booking, from the slot to the ticket: the slot is kept, the summary confirmed."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bookings.actions.oneself import book_own_hold, hold_for_oneself, release_own_hold
from bookings.rules.statuses import OCCUPYING
from telegram_integration.callbacks import (
    pack_instant,
    pack_int,
    pack_uuid,
    unpack_instant,
    unpack_int,
    unpack_uuid,
)
from telegram_integration.cards import Card, Reply, Style, show
from telegram_integration.handlers.appointments import change_row, details_card, its_calendar_file
from telegram_integration.handlers.arguments import argument
from telegram_integration.handlers.book import or_services, times_card
from telegram_integration.handlers.slots import LOST, confirm_button, day_of, why_lost
from telegram_integration.routes import on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import booking as words
from telegram_integration.words.menu import menu_button, menu_card
from tenants.context import current_hospital

if TYPE_CHECKING:
    from bookings.models import Appointment


@on_tap("bt", linked=True)
@or_services
def keep_slot(turn: Turn) -> Reply:
    """Keep the slot and ask whether it is right; one that is gone leads back to the times of its day."""
    service_id, start = argument(turn, 0, unpack_int), argument(turn, 1, unpack_instant)
    try:
        hold = turn.do(hold_for_oneself, service_id=service_id, start=start)
    except LOST as error:
        return _back_to_times(turn, service_id, start, line=why_lost(error))
    return show(_summary_card(turn, hold))


@on_tap("bc", linked=True)
@or_services
def book_it(turn: Turn) -> Reply:
    """Book what is kept: the ticket, and a file for the calendar. Said again, it shows the same ticket."""
    hold_id = argument(turn, 0, unpack_uuid)
    service_id, start = argument(turn, 1, unpack_int), argument(turn, 2, unpack_instant)
    try:
        row = turn.do(book_own_hold, hold_id=hold_id)
    except LOST as error:
        return _back_to_times(turn, service_id, start, line=why_lost(error))
    if row.status not in OCCUPYING:
        return show(details_card(turn, row))
    return show(_ticket_card(turn, row), document=its_calendar_file(row))


@on_tap("bx", linked=True)
@or_services
def choose_another_time(turn: Turn) -> Reply:
    """Let the slot go, back to the times of its day."""
    service_id, start = argument(turn, 0, unpack_int), argument(turn, 1, unpack_instant)
    turn.do(release_own_hold, start=start)
    return _back_to_times(turn, service_id, start)


@on_tap("bq", linked=True)
def book_nothing(turn: Turn) -> Reply:
    """Let the slot go, back to the menu."""
    turn.do(release_own_hold, start=argument(turn, 0, unpack_instant))
    return show(menu_card(turn, words.not_booked_text()))


def _back_to_times(turn: Turn, service_id: int, start: datetime, *, line: str = "") -> Reply:
    return show(times_card(turn, service_id, day_of(start), line=line))


def _summary_card(turn: Turn, hold: "Appointment") -> Card:
    what, when = pack_int(hold.service_id), pack_instant(hold.start)
    confirm = confirm_button(turn, "bc", pack_uuid(hold.pk), what, when)
    cancel = turn.button(_("Cancel"), "bq", when, style=Style.DANGER)
    back = turn.button(_("« Back to the times"), "bx", what, when)
    return Card(text=words.summary_text(hold, current_hospital()), rows=((confirm, cancel), (back,)))


def _ticket_card(turn: Turn, row: "Appointment") -> Card:
    text = words.ticket_text(row, current_hospital())
    return Card(text=text, rows=(*change_row(turn, row), (menu_button(turn),)))
