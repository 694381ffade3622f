"""The waiting list: join it for a service or for an earlier time, see where one stands, leave."""

from contextlib import suppress
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bookings.actions.oneself import wait_for_oneself
from bookings.actions.waiting_list import leave_waiting_list
from bookings.errors import (
    AlreadyWaiting,
    IllegalStatus,
    ServiceNotFound,
    WaitingListEntryNotFound,
)
from bookings.queries.appointments import appointment_by_id_for
from bookings.queries.catalogue import services_for
from bookings.queries.oneself import is_live
from bookings.queries.waiting_list import waiting_list_entry_for
from telegram_integration.callbacks import pack_instant, pack_uuid, unpack_int, unpack_uuid
from telegram_integration.cards import Card, Reply, Rows, Style, show
from telegram_integration.handlers.appointments import details_card
from telegram_integration.handlers.arguments import argument
from telegram_integration.handlers.book import or_services
from telegram_integration.routes import on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import booking_lists as words
from telegram_integration.words.menu import menu_button
from tenants.context import current_hospital

if TYPE_CHECKING:
    from bookings.models import HealthcareService, WaitingListEntry


@on_tap("wj", linked=True)
@or_services
def wait_for_service(turn: Turn) -> Reply:
    """Join the line for a service; whoever is in it already stays where they are."""
    service_id = argument(turn, 0, unpack_int)
    service = next((service for service in turn.do(services_for) if service.pk == service_id), None)
    if service is None:
        raise ServiceNotFound
    with suppress(AlreadyWaiting):
        turn.do(wait_for_oneself, service_id=service_id)
    return show(_joined_card(turn, service, is_earlier=False))


@on_tap("wf", linked=True)
def wait_for_earlier_time(turn: Turn) -> Reply:
    """Join the line for an earlier time of an appointment."""
    row = turn.do(appointment_by_id_for, appointment_id=argument(turn, 0, unpack_uuid))
    try:
        turn.do(wait_for_oneself, appointment_id=row.pk)
    except AlreadyWaiting:
        pass
    except (IllegalStatus, ServiceNotFound):
        return show(details_card(turn, row, line=_("This appointment cannot be moved any more.")))
    return show(_joined_card(turn, row.service, is_earlier=True))


@on_tap("we", linked=True)
def show_entry(turn: Turn) -> Reply:
    """Something that is waited for, with what is offered."""
    entry = turn.do(waiting_list_entry_for, entry_id=argument(turn, 0, unpack_uuid))
    return show(_entry_card(turn, entry) if is_live(entry) else _left_card(turn, entry.service))


@on_tap("wl", linked=True)
def leave(turn: Turn) -> Reply:
    """Wait no longer. Said again, it shows the same."""
    entry = turn.do(waiting_list_entry_for, entry_id=argument(turn, 0, unpack_uuid))
    # It may be over already.
    with suppress(WaitingListEntryNotFound):
        turn.do(leave_waiting_list, entry_id=entry.pk)
    return show(_left_card(turn, entry.service))


def _joined_card(turn: Turn, service: "HealthcareService", *, is_earlier: bool) -> Card:
    return Card(text=words.joined_text(service, is_earlier=is_earlier), rows=_ways_on(turn))


def _entry_card(turn: Turn, entry: "WaitingListEntry") -> Card:
    which, hospital = pack_uuid(entry.pk), current_hospital()
    leave_it = turn.button(_("Leave the waiting list"), "wl", which, style=Style.DANGER)
    # `with_offers` puts them there.
    offer = next(iter(getattr(entry, "open_offers", [])), None)
    if offer is None:
        return Card(text=words.entry_text(entry), rows=((leave_it,), *_ways_on(turn)))
    # The start tells this offer from another one that comes later.
    this = (which, pack_instant(offer.start))
    accept = turn.button(_("Take it"), "wa", *this, style=Style.SUCCESS)
    decline = turn.button(_("No, thank you"), "wd", *this)
    text = words.offered_text(entry, offer, hospital)
    return Card(text=text, rows=((accept, decline), (leave_it,), *_ways_on(turn)))


def _left_card(turn: Turn, service: "HealthcareService") -> Card:
    return Card(text=words.left_text(service), rows=_ways_on(turn))


def _ways_on(turn: Turn) -> Rows:
    return ((turn.button(_("My appointments"), "a"), menu_button(turn)),)
