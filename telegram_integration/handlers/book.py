"""Booking, as far as the slot: services, the month, the day. Anybody may look."""

from collections.abc import Sequence
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bookings.errors import ServiceNotFound
from bookings.queries.availability import day_for
from bookings.queries.catalogue import services_for
from bookings.queries.months import open_month_for
from telegram_integration.callbacks import pack_int, unpack_day, unpack_int
from telegram_integration.cards import Card, Reply, show
from telegram_integration.handlers.arguments import argument, argument_or
from telegram_integration.handlers.questions import drop_question
from telegram_integration.handlers.slots import day_card, month_card, start_anew
from telegram_integration.keyboards.grid import FULL, grid, page_of, turning, width_for
from telegram_integration.keyboards.ways import to_book
from telegram_integration.routes import Handler, on_command, on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import booking as words
from telegram_integration.words.html import label
from telegram_integration.words.menu import menu_button
from tenants.context import current_hospital

if TYPE_CHECKING:
    from bookings.models import HealthcareService

SERVICES_A_PAGE = 10


def or_services(handler: Handler) -> Handler:
    """Where the service was switched off meanwhile, show those that there are."""

    @wraps(handler)
    def guarded(turn: Turn) -> Reply:
        try:
            return handler(turn)
        except ServiceNotFound:
            line = _("This service cannot be booked any more.")
            return show(_services_card(turn, turn.do(services_for), line=line))

    return guarded


@on_command("book")
@on_tap("b")
@or_services
def choose_service(turn: Turn) -> Reply:
    """The services, or the calendar of the only one: not for whoever comes back from there."""
    drop_question(turn)
    start_anew(turn)
    services = turn.do(services_for)
    page = argument_or(turn, 0, unpack_int, None)
    if len(services) == 1 and page is None:
        return show(_month(turn, services[0].pk))
    return show(_services_card(turn, services, page=page or 0))


@on_tap("bs")
@or_services
def choose_first_month(turn: Turn) -> Reply:
    """The first month in which something is free."""
    drop_question(turn)
    return show(_month(turn, argument(turn, 0, unpack_int)))


@on_tap("bm")
@or_services
def choose_day(turn: Turn) -> Reply:
    """The month that was leafed to."""
    return show(_month(turn, argument(turn, 0, unpack_int), argument(turn, 1, unpack_day)))


@on_tap("bd")
@or_services
def choose_time(turn: Turn) -> Reply:
    """The times of a day."""
    service_id, day = argument(turn, 0, unpack_int), argument(turn, 1, unpack_day)
    return show(times_card(turn, service_id, day, page=argument_or(turn, 2, unpack_int, 0)))


def times_card(turn: Turn, service_id: int, day: date, *, page: int = 0, line: str = "") -> Card:
    """The times of a day for a new booking."""
    found, others = turn.do(day_for, service_id=service_id, day=day)
    return day_card(turn, to_book(service_id), found, others, page=page, line=line)


def _services_card(
    turn: Turn, services: Sequence["HealthcareService"], *, page: int = 0, line: str = ""
) -> Card:
    """The services as buttons, some at a time."""
    hospital = current_hospital()
    shown = page_of(services, page, SERVICES_A_PAGE)
    if not services:
        text = words.with_line(line, words.nothing_to_book_text(hospital))
        return Card(text=text, rows=((menu_button(turn),),))
    labels = [label(words.service_label(service), longest=FULL) for service in shown]
    buttons = (
        turn.button(text, "bs", pack_int(service.pk)) for text, service in zip(labels, shown, strict=True)
    )
    is_last = (page + 1) * SERVICES_A_PAGE >= len(services)
    rows = (*grid(buttons, width_for(labels)), *turning(turn, "b", page=page, is_last=is_last, in_time=False))
    return Card(text=words.with_line(line, words.services_text(hospital)), rows=(*rows, (menu_button(turn),)))


def _month(turn: Turn, service_id: int, month: date | None = None) -> Card:
    return month_card(turn, to_book(service_id), turn.do(open_month_for, service_id=service_id, month=month))
