"""What the list of appointments, one of them, its cancelling and the waiting list say."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bookings.actions.wording import day_in_words, short_day_in_words, time_in_words
from core import clock
from telegram_integration.keyboards.times import clock_label
from telegram_integration.words.booking import LONGEST_NAME, facts, named, reference_line, when_lines
from telegram_integration.words.html import bold, esc, label
from tenants.models import Hospital

if TYPE_CHECKING:
    from bookings.models import Appointment, HealthcareService, WaitingListEntry, WaitingListOffer


def appointment_label(row: "Appointment", hospital: Hospital) -> str:
    """An appointment on a button: its day, time and service."""
    local = row.start.astimezone(clock.zone(hospital.timezone))
    return f"{short_day_in_words(local.date())}, {clock_label(local)} · {row.service.name}"


def entry_label(entry: "WaitingListEntry") -> str:
    """Something that is waited for on a button."""
    return f"🔔 {entry.service.name}"


def list_text(hospital: Hospital) -> str:
    """Over the coming appointments."""
    return f"{named(hospital.name)}\n{_('Your coming appointments:')}"


def waiting_only_text(hospital: Hospital) -> str:
    """Where nothing is booked, but something is waited for."""
    return f"{named(hospital.name)}\n{_('You have no coming appointments. You are waiting for:')}"


def empty_list_text(hospital: Hospital) -> str:
    """Where nothing is booked."""
    return f"{named(hospital.name)}\n{_('You have no coming appointments.')}"


def details_text(row: "Appointment", hospital: Hospital) -> str:
    """One appointment with its status."""
    status = _("Status: %(status)s") % {"status": esc(str(row.get_status_display()))}
    return f"{facts(row, hospital)}\n\n{reference_line(row)}\n{status}"


def sure_text(row: "Appointment", hospital: Hospital) -> str:
    """Before an appointment is cancelled."""
    return (
        f"{bold(_('Cancel this appointment?'))}\n\n"
        f"{named(row.service.name)}\n{when_lines(row.start, hospital)}"
    )


def why_text(*, can_type: bool) -> str:
    """Asks why an appointment is cancelled."""
    if not can_type:
        return _("The appointment will be cancelled.")
    return _("Would you like to say why? Write a few words, or skip this.")


def why_again_text() -> str:
    """After a photo, or a reason that is too long."""
    return _("Please write the reason in a few words, 500 characters at most, or skip this.")


def cancelled_text(row: "Appointment", hospital: Hospital) -> str:
    """What is cancelled."""
    return (
        f"{bold(_('Your appointment is cancelled.'))}\n\n"
        f"{named(row.service.name)}\n{when_lines(row.start, hospital)}\n{reference_line(row)}"
    )


def joined_text(service: "HealthcareService", *, is_earlier: bool) -> str:
    """After somebody joined the waiting list."""
    if is_earlier:
        text = _("We write to you here as soon as an earlier time becomes free. Your appointment stays.")
    else:
        text = _("We write to you here as soon as a time becomes free.")
    return f"🔔 {bold(_('You are on the waiting list.'))}\n{named(service.name)}\n\n{text}"


def entry_text(entry: "WaitingListEntry") -> str:
    """Something that is waited for."""
    text = f"🔔 {bold(_('You are on the waiting list.'))}\n{named(entry.service.name)}"
    until = _("Until %(day)s") % {"day": esc(day_in_words(entry.date_until))}
    return f"{text}\n{until}"


def offered_text(entry: "WaitingListEntry", offer: "WaitingListOffer", hospital: Hospital) -> str:
    """What is offered to somebody who waits, and until when."""
    until = offer.expires_at.astimezone(clock.zone(hospital.timezone))
    answer = _("Please answer until %(time)s.") % {"time": esc(time_in_words(until))}
    who = esc(label(offer.practitioner.name, longest=LONGEST_NAME))
    text = f"🔔 {bold(_('A time became free.'))}\n{named(entry.service.name)}"
    return f"{text}\n{when_lines(offer.start, hospital)}\n👤 {who}\n\n{answer}"


def left_text(service: "HealthcareService") -> str:
    """After somebody left the waiting list."""
    return f"{_('You are no longer on the waiting list.')}\n{named(service.name)}"
