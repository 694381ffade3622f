"""Moving an appointment: another day, another time, from when to when, done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from bookings.actions.oneself import hold_for_oneself, move_onto_own_hold, release_own_hold
from bookings.errors import IllegalStatus, PractitionerNotFound, ServiceNotFound
from bookings.queries.appointments import appointment_by_id_for
from bookings.queries.availability import OfferedSlot, day_for
from bookings.queries.months import open_month_for
from core import clock
from telegram_integration.callbacks import (
    pack_instant,
    pack_uuid,
    unpack_day,
    unpack_instant,
    unpack_int,
    unpack_uuid,
)
from telegram_integration.cards import Card, Reply, Style, show
from telegram_integration.handlers.appointments import (
    change_row,
    details_card,
    its_calendar_file,
    may_be_moved,
)
from telegram_integration.handlers.arguments import argument, argument_or
from telegram_integration.handlers.questions import drop_question
from telegram_integration.handlers.slots import (
    LOST,
    confirm_button,
    day_card,
    day_of,
    month_card,
    start_anew,
    why_lost,
)
from telegram_integration.keyboards.ways import to_move
from telegram_integration.routes import Handler, on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import booking as words
from telegram_integration.words.menu import menu_button
from tenants.context import current_hospital

if TYPE_CHECKING:
    from bookings.models import Appointment

T = TypeVar("T")
Step = Callable[[Turn, "Appointment"], Reply]


def of_appointment(handler: Step) -> Handler:
    """Hand the tapped appointment to a step; one that cannot be moved any more is shown instead."""

    @wraps(handler)
    def guarded(turn: Turn) -> Reply:
        row = _appointment(turn)
        if not may_be_moved(row):
            return show(_stays_card(turn, row))
        try:
            return handler(turn, row)
        except IllegalStatus:
            return show(_stays_card(turn, _appointment(turn)))
        except ServiceNotFound:
            return show(details_card(turn, row, line=_("This service cannot be booked any more.")))

    return guarded


@on_tap("am", linked=True)
@of_appointment
def choose_new_day(turn: Turn, row: "Appointment") -> Reply:
    """A month, or the first in which something is free."""
    drop_question(turn)
    asked = argument_or(turn, 1, unpack_day, None)
    if asked is None:
        start_anew(turn)
    month = _with_own_doctor(turn, row, open_month_for, service_id=row.service_id, month=asked)
    return show(month_card(turn, to_move(row.pk), month))


@on_tap("amd", linked=True)
@of_appointment
def choose_new_time(turn: Turn, row: "Appointment") -> Reply:
    """The times of a day."""
    page = argument_or(turn, 2, unpack_int, 0)
    return show(_times_card(turn, row, argument(turn, 1, unpack_day), page=page))


@on_tap("amt", linked=True)
@of_appointment
def keep_new_slot(turn: Turn, row: "Appointment") -> Reply:
    """Keep the slot and ask whether to move there; one that is gone leads back to the times of its day."""
    start = argument(turn, 1, unpack_instant)
    try:
        hold = _with_own_doctor(turn, row, hold_for_oneself, service_id=row.service_id, start=start)
    except LOST as error:
        return show(_times_card(turn, row, day_of(start), line=why_lost(error)))
    return show(_summary_card(turn, row, hold))


@on_tap("amc", linked=True)
@of_appointment
def move_it(turn: Turn, row: "Appointment") -> Reply:
    """Move it: the new time, and a new file for the calendar. Said again, it shows the same."""
    start = argument(turn, 1, unpack_instant)
    try:
        moved = turn.do(move_onto_own_hold, appointment_id=row.pk, start=start)
    except LOST as error:
        return show(_times_card(turn, row, day_of(start), line=why_lost(error)))
    text = words.moved_text(moved, current_hospital())
    card = Card(text=text, rows=(*change_row(turn, moved), (menu_button(turn),)))
    return show(card, document=its_calendar_file(moved))


@on_tap("amx", linked=True)
@of_appointment
def choose_another_new_time(turn: Turn, row: "Appointment") -> Reply:
    """Let the slot go, back to the times of its day."""
    start = argument(turn, 1, unpack_instant)
    turn.do(release_own_hold, start=start)
    return show(_times_card(turn, row, day_of(start)))


@on_tap("amq", linked=True)
def keep_as_it_was(turn: Turn) -> Reply:
    """Let the slot go, back to the appointment."""
    turn.do(release_own_hold, start=argument(turn, 1, unpack_instant))
    return show(details_card(turn, _appointment(turn), line=_("Nothing was changed.")))


def _appointment(turn: Turn) -> "Appointment":
    which: UUID = argument(turn, 0, unpack_uuid)
    return turn.do(appointment_by_id_for, appointment_id=which)


def _with_own_doctor(turn: Turn, row: "Appointment", verb: Callable[..., T], **asked: Any) -> T:
    """Ask for the practitioner whom the appointment is with, or for anybody once they have left."""
    try:
        return turn.do(verb, practitioner_id=str(row.practitioner_id), **asked)
    except PractitionerNotFound:
        return turn.do(verb, **asked)


def _times_card(turn: Turn, row: "Appointment", day: date, *, page: int = 0, line: str = "") -> Card:
    found, others = _with_own_doctor(turn, row, day_for, service_id=row.service_id, day=day)
    # Its own time is no other time, even where a seat is left beside it.
    other = replace(found, slots=[slot for slot in found.slots if not _overlaps(slot, row)])
    return day_card(turn, to_move(row.pk), other, others, page=page, line=line)


def _overlaps(slot: OfferedSlot, row: "Appointment") -> bool:
    return slot.start < clock.to_epoch(row.end) and slot.end > clock.to_epoch(row.start)


def _summary_card(turn: Turn, row: "Appointment", hold: "Appointment") -> Card:
    arguments = (pack_uuid(row.pk), pack_instant(hold.start))
    confirm = confirm_button(turn, "amc", *arguments)
    keep = turn.button(_("Keep as it is"), "amq", *arguments, style=Style.DANGER)
    back = turn.button(_("« Back to the times"), "amx", *arguments)
    text = words.move_text(row, hold, current_hospital())
    return Card(text=text, rows=((confirm, keep), (back,)))


def _stays_card(turn: Turn, row: "Appointment") -> Card:
    return details_card(turn, row, line=_("This appointment cannot be moved any more."))
