"""The buttons on notices: an appointment is confirmed, an offer of the waiting list taken or let go."""

from contextlib import suppress
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bookings.actions.visits import change_status_by_id
from bookings.actions.waiting_list import accept_offer, decline_offer
from bookings.errors import IllegalStatus, NothingOffered, OfferExpired
from bookings.queries.appointments import appointment_by_id_for
from bookings.queries.oneself import is_live
from bookings.queries.waiting_list import waiting_list_entry_for
from bookings.rules.statuses import OCCUPYING, Status
from core import clock
from telegram_integration.callbacks import pack_instant, pack_int, pack_uuid, unpack_uuid
from telegram_integration.cards import Card, Reply, Rows, Style, show
from telegram_integration.handlers.appointments import change_row, details_card, its_calendar_file
from telegram_integration.handlers.arguments import argument, argument_or
from telegram_integration.handlers.slots import LOST, why_lost
from telegram_integration.routes import on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import notices_answered as words
from telegram_integration.words.booking import moved_text, ticket_text, with_line
from telegram_integration.words.menu import menu_button
from tenants.context import current_hospital

if TYPE_CHECKING:
    from bookings.models import Appointment, WaitingListEntry


@on_tap("nc", linked=True)
def confirm_attendance(turn: Turn) -> Reply:
    """Confirm that they come. Said again, it shows the same; what is over or cancelled says so."""
    which = argument(turn, 0, unpack_uuid)
    row = turn.do(appointment_by_id_for, appointment_id=which)
    if row.status == Status.SCHEDULED and row.start > clock.now():
        # Somebody else may be quicker: a second tap, or the desk.
        with suppress(IllegalStatus):
            turn.do(change_status_by_id, appointment_id=which, status=Status.CONFIRMED)
        row = turn.do(appointment_by_id_for, appointment_id=which)
    if row.status == Status.CONFIRMED and row.start > clock.now():
        card = Card(
            text=words.confirmed_text(row, current_hospital()),
            rows=(*change_row(turn, row), (menu_button(turn),)),
        )
        return show(card, toast=words.confirmed_toast())
    if row.status == Status.CANCELLED:
        return show(_cancelled_card(turn, row))
    return show(details_card(turn, row, line=words.nothing_to_confirm_line(row)))


@on_tap("wa", linked=True)
def take_offer(turn: Turn) -> Reply:
    """Take the offered time: the ticket, and a file for the calendar. Said again, it shows the same."""
    entry = _entry(turn)
    if not _is_what_was_shown(turn, entry):
        return show(_offer_over_card(turn, entry))
    try:
        row = turn.do(accept_offer, entry_id=entry.pk)
    except (NothingOffered, OfferExpired):
        return show(_offer_over_card(turn, _entry(turn)))
    except LOST as error:
        return show(_offer_over_card(turn, _entry(turn), line=why_lost(error)))
    if row.status not in OCCUPYING:
        return show(details_card(turn, row))
    return show(_ticket_card(turn, entry, row), document=its_calendar_file(row))


@on_tap("wd", linked=True)
def let_offer_go(turn: Turn) -> Reply:
    """Let the offered time go to the next in line. Said again, it shows the same."""
    entry = _entry(turn)
    if entry.became is not None:
        return show(details_card(turn, entry.became, line=words.taken_line()))
    if _is_what_was_shown(turn, entry):
        # It may be over already: then it has gone to the next in line.
        with suppress(NothingOffered, OfferExpired):
            turn.do(decline_offer, entry_id=entry.pk)
        entry = _entry(turn)
    if not is_live(entry):
        return show(_offer_over_card(turn, entry))
    return show(Card(text=words.declined_text(), rows=_ways_on(turn, entry)))


def _entry(turn: Turn) -> "WaitingListEntry":
    return turn.do(waiting_list_entry_for, entry_id=argument(turn, 0, unpack_uuid))


def _is_what_was_shown(turn: Turn, entry: "WaitingListEntry") -> bool:
    """Whether the button speaks of what is offered now, or was accepted: a card may be of an older offer."""
    shown = argument_or(turn, 1, str, "")
    offers = getattr(entry, "open_offers", [])
    now = entry.became.start if entry.became is not None else next((one.start for one in offers), None)
    return not shown or (now is not None and pack_instant(now) == shown)


def _ticket_card(turn: Turn, entry: "WaitingListEntry", row: "Appointment") -> Card:
    worded = ticket_text if entry.brings_forward_id is None else moved_text
    return Card(text=worded(row, current_hospital()), rows=(*change_row(turn, row), (menu_button(turn),)))


def _cancelled_card(turn: Turn, row: "Appointment") -> Card:
    again = turn.button(_("Book again"), "bs", pack_int(row.service_id), style=Style.PRIMARY)
    text = words.was_cancelled_text(row, current_hospital())
    return Card(text=text, rows=((again,), (menu_button(turn),)))


def _offer_over_card(turn: Turn, entry: "WaitingListEntry", *, line: str = "") -> Card:
    text = words.offer_over_text(still_waits=is_live(entry))
    return Card(text=with_line(line, text), rows=_ways_on(turn, entry))


def _ways_on(turn: Turn, entry: "WaitingListEntry") -> Rows:
    """What else is offered, if anything is; the service itself where nothing is waited for."""
    if is_live(entry):
        first = turn.button(_("My place on the waiting list"), "we", pack_uuid(entry.pk))
    else:
        first = turn.button(_("Book an appointment"), "bs", pack_int(entry.service_id), style=Style.PRIMARY)
    return ((first,), (turn.button(_("My appointments"), "a"), menu_button(turn)))
