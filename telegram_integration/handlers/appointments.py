"""The patient's coming appointments, and one of them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bookings.queries.appointments import appointment_by_id_for
from bookings.queries.oneself import coming_appointments_for, live_entries_for
from bookings.rules.statuses import RESCHEDULABLE, Status, may_move
from bookings.serializers.icalendar import booking_as_icalendar
from core import clock
from telegram_integration.callbacks import pack_uuid, unpack_int, unpack_uuid
from telegram_integration.cards import Button, Card, Document, Reply, Rows, Style, show
from telegram_integration.handlers.arguments import argument, argument_or
from telegram_integration.handlers.questions import drop_question
from telegram_integration.keyboards.grid import FULL, turning
from telegram_integration.keyboards.ways import to_move
from telegram_integration.routes import on_command, on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import booking_lists as words
from telegram_integration.words.booking import with_line
from telegram_integration.words.html import label
from telegram_integration.words.menu import menu_button
from tenants.context import current_hospital

if TYPE_CHECKING:
    from bookings.models import Appointment, WaitingListEntry

APPOINTMENTS_A_PAGE = 8


@on_command("myappointments", linked=True)
@on_tap("a", linked=True)
def list_appointments(turn: Turn) -> Reply:
    """What is to come, some at a time, and what they wait for."""
    drop_question(turn)
    return show(list_card(turn, page=argument_or(turn, 0, unpack_int, 0)))


@on_tap("ad", linked=True)
def show_appointment(turn: Turn) -> Reply:
    """One appointment, with what can be done about it."""
    drop_question(turn)
    row = turn.do(appointment_by_id_for, appointment_id=argument(turn, 0, unpack_uuid))
    return show(details_card(turn, row))


def list_card(turn: Turn, *, page: int = 0) -> Card:
    """The coming appointments as buttons; what is waited for comes after the first of them."""
    rows, has_more = turn.do(coming_appointments_for, page=page, size=APPOINTMENTS_A_PAGE)
    entries = turn.do(live_entries_for) if page == 0 else []
    if not rows and not entries and page == 0:
        book = turn.button(_("📅 Book an appointment"), "b", style=Style.PRIMARY)
        text = words.empty_list_text(current_hospital())
        return Card(text=text, rows=((book,), (menu_button(turn),)))
    over = words.list_text if rows or page else words.waiting_only_text
    buttons = (*(_row_button(turn, row) for row in rows), *(_entry_button(turn, entry) for entry in entries))
    pages = turning(turn, "a", page=page, is_last=not has_more)
    return Card(
        text=over(current_hospital()),
        rows=(*((button,) for button in buttons), *pages, (menu_button(turn),)),
    )


def details_card(turn: Turn, row: "Appointment", *, line: str = "") -> Card:
    """One appointment: only what its status allows can be tapped."""
    text = with_line(line, words.details_text(row, current_hospital()))
    back = turn.button(_("« Back"), "a")
    return Card(text=text, rows=(*change_row(turn, row), *_sooner_row(turn, row), (back, menu_button(turn))))


def change_row(turn: Turn, row: "Appointment") -> Rows:
    """[Reschedule] and [Cancel appointment], as far as there is still time and the status allows it."""
    buttons = []
    if may_be_moved(row):
        buttons.append(turn.button(_("Reschedule"), "am", pack_uuid(row.pk)))
    if may_be_cancelled(row):
        buttons.append(turn.button(_("Cancel appointment"), "ac", pack_uuid(row.pk), style=Style.DANGER))
    return (tuple(buttons),) if buttons else ()


def may_be_moved(row: "Appointment") -> bool:
    """Whether there is an appointment to move."""
    return row.status in RESCHEDULABLE and row.start > clock.now()


def may_be_cancelled(row: "Appointment") -> bool:
    """Whether there is an appointment to cancel."""
    return may_move(Status(row.status), Status.CANCELLED) and row.start > clock.now()


def its_calendar_file(row: "Appointment") -> Document:
    """The appointment for the patient's own calendar."""
    return Document(name=f"{row.reference}.ics", content=booking_as_icalendar(row))


def _sooner_row(turn: Turn, row: "Appointment") -> Rows:
    if not may_be_moved(row):
        return ()
    way = to_move(row.pk)
    return ((turn.button(way.wait_label(), way.wait, *way.arguments),),)


def _row_button(turn: Turn, row: "Appointment") -> Button:
    text = words.appointment_label(row, current_hospital())
    return turn.button(label(text, longest=FULL), "ad", pack_uuid(row.pk))


def _entry_button(turn: Turn, entry: "WaitingListEntry") -> Button:
    return turn.button(label(words.entry_label(entry), longest=FULL), "we", pack_uuid(entry.pk))
