"""What booking says: facts of a visit, and the text of each card on the way to it."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.actions.wording import day_in_words, place_in_words, time_in_words
from core import clock
from telegram_integration.keyboards.times import clock_label
from telegram_integration.words.html import bold, esc, label
from tenants.models import Hospital

if TYPE_CHECKING:
    from bookings.models import Appointment, HealthcareService

# So much of a name and of an address is shown.
LONGEST_NAME, LONGEST_PLACE = 120, 200


def money(price: Decimal, currency: str) -> str:
    """``1,200 THB``, baht by their name; what is no whole number with its hundredths."""
    amount = f"{price:,.0f}" if price == price.to_integral_value() else f"{price:,.2f}"
    return _("%(amount)s baht") % {"amount": amount} if currency == "THB" else f"{amount} {currency}"


def minutes(service: "HealthcareService") -> str:
    """How long a visit is."""
    length = service.duration_minutes
    return ngettext("%(minutes)s min", "%(minutes)s min", length) % {"minutes": length}


def service_label(service: "HealthcareService") -> str:
    """A service on a button: its name, minutes, and price if it has one."""
    parts = [service.name, minutes(service)]
    if service.price is not None:
        parts.append(money(service.price, service.currency))
    return " · ".join(parts)


def named(text: object) -> str:
    """A name in bold, cut where it would fill the card: names have 200 characters, and more once escaped."""
    return bold(label(text, longest=LONGEST_NAME))


def with_line(line: str, text: str) -> str:
    """A card's text under one line that says what happened."""
    return f"⚠️ {esc(line)}\n\n{text}" if line else text


def phone_line(hospital: Hospital) -> str:
    """How to reach the hospital, on a paragraph of its own; empty where it gives no number."""
    if not hospital.phone_number:
        return ""
    return "\n\n" + _("Phone of the hospital: %(phone)s") % {"phone": esc(hospital.phone_number)}


def day_line(day: date) -> str:
    """A day in words."""
    return f"📅 {bold(day_in_words(day))}"


def when_lines(start: datetime, hospital: Hospital) -> str:
    """The day and the time of an instant on the hospital's clocks, two lines."""
    local = start.astimezone(clock.zone(hospital.timezone))
    return f"{day_line(local.date())}\n🕐 {bold(_time(local))}"


def facts(row: "Appointment", hospital: Hospital) -> str:
    """Service, day, time, practitioner, place and price of a visit: a line each, all of it escaped."""
    lines = [
        f"{named(row.service.name)} ({esc(minutes(row.service))})",
        when_lines(row.start, hospital),
        f"👤 {esc(label(row.practitioner.name, longest=LONGEST_NAME))}",
        f"📍 {esc(label(hospital.name, longest=LONGEST_NAME))}",
    ]
    if place := place_in_words(hospital):
        lines.append(esc(label(place, longest=LONGEST_PLACE)))
    if row.service.price is not None:
        lines.append(_("Price: %(price)s") % {"price": esc(money(row.service.price, row.service.currency))})
    return "\n".join(lines)


def services_text(hospital: Hospital) -> str:
    """Over the services."""
    return f"{named(hospital.name)}\n{_('What would you like to book?')}"


def nothing_to_book_text(hospital: Hospital) -> str:
    """Where no service is offered."""
    return f"{named(hospital.name)}\n{_('Nothing can be booked here at present.')}{phone_line(hospital)}"


def month_text(service: "HealthcareService", *, is_empty: bool) -> str:
    """Over the calendar of a month."""
    text = _("Nothing is free in this month.") if is_empty else _("Choose a day.")
    return f"{named(service.name)}\n{text}"


def no_day_text(service: "HealthcareService", hospital: Hospital) -> str:
    """Where nothing is free as far as can be booked."""
    return f"{named(service.name)}\n{_('Every time that can be booked is taken.')}{phone_line(hospital)}"


def times_text(service: "HealthcareService", day: date, *, with_seats: bool) -> str:
    """Over the times of a day."""
    text = f"{named(service.name)}\n{day_line(day)}\n{_('Choose a time.')}"
    return f"{text}\n{_('Beside each time: how many seats are left.')}" if with_seats else text


def no_time_text(service: "HealthcareService", day: date, *, has_others: bool) -> str:
    """Where nothing is free on a day."""
    text = f"{named(service.name)}\n{day_line(day)}\n{_('Nothing is free on this day.')}"
    return f"{text}\n{_('These are the nearest free times:')}" if has_others else text


def summary_text(hold: "Appointment", hospital: Hospital) -> str:
    """What is about to be booked, and until when it is kept."""
    return f"{bold(_('Is this right?'))}\n\n{facts(hold, hospital)}\n\n{_kept(hold, hospital)}"


def ticket_text(row: "Appointment", hospital: Hospital) -> str:
    """What was booked."""
    return f"✅ {bold(_('Your appointment is booked.'))}\n\n{reference_line(row)}\n{facts(row, hospital)}"


def not_booked_text() -> str:
    """After the summary was refused."""
    return _("Nothing was booked. The time is free for others again.")


def move_text(row: "Appointment", hold: "Appointment", hospital: Hospital) -> str:
    """From when to when an appointment is about to move."""
    return (
        f"{bold(_('Move your appointment?'))}\n\n"
        f"{_('From:')}\n{when_lines(row.start, hospital)}\n\n"
        f"{_('To:')}\n{facts(hold, hospital)}\n\n{_kept(hold, hospital)}"
    )


def moved_text(row: "Appointment", hospital: Hospital) -> str:
    """Where an appointment is now."""
    return f"✅ {bold(_('Your appointment is moved.'))}\n\n{reference_line(row)}\n{facts(row, hospital)}"


def reference_line(row: "Appointment") -> str:
    """The code that is read aloud at the desk."""
    return _("Reference: %(reference)s") % {"reference": f"<code>{esc(row.reference)}</code>"}


def _kept(hold: "Appointment", hospital: Hospital) -> str:
    until = hold.hold_expires_at
    if until is None:
        return ""
    local = until.astimezone(clock.zone(hospital.timezone))
    return _("This time is kept for you until %(time)s.") % {"time": esc(time_in_words(local))}


def _time(local: datetime) -> str:
    """The time in words, with the zone's letters where two hours are called the same."""
    return time_in_words(local) + clock_label(local).removeprefix(f"{local:%H:%M}")
