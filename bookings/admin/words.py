"""How the front desk words statuses, events and slots."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bookings.events import BookingEvent
from bookings.models import Appointment
from bookings.models.appointment import STATUS_NAMES
from bookings.queries.availability import OfferedSlot
from bookings.rules.statuses import Status
from core import clock
from core.errors import DomainError
from events.admin import EVENT_NAMES
from tenants.admin_sites.dates import say_moment

# Every status has a colour of its own kind; the label's text says the same in words.
STATUS_COLOURS: dict[str, str] = {
    Status.HELD: "default",
    Status.SCHEDULED: "info",
    Status.CONFIRMED: "primary",
    Status.CHECKED_IN: "warning",
    Status.IN_PROGRESS: "warning",
    Status.COMPLETED: "success",
    Status.CANCELLED: "danger",
    Status.NO_SHOW: "danger",
}

_NAMES: dict[str, str | Promise] = {
    BookingEvent.CREATED: _("Booked"),
    BookingEvent.RESCHEDULED: _("Moved"),
    BookingEvent.CANCELLED: _("Cancelled"),
    BookingEvent.STATUS_CHANGED: _("Status changed"),
    BookingEvent.RATED: _("Rated"),
    BookingEvent.REMINDER_SENT: _("Reminder sent"),
    BookingEvent.HELD: _("Slot held"),
    BookingEvent.RELEASED: _("Slot let go"),
    BookingEvent.HOLD_EXPIRED: _("Hold ran out"),
    BookingEvent.ASKED_TO_CHOOSE: _("Patient asked to choose another time"),
    BookingEvent.NOTICE_SENT_AGAIN: _("Notice sent again"),
    BookingEvent.REMINDERS_CHANGED: _("Reminders changed"),
    BookingEvent.WAITING_JOINED: _("Joined the waiting list"),
    BookingEvent.WAITING_OFFERED: _("Slot offered"),
    BookingEvent.WAITING_ACCEPTED: _("Offer accepted"),
    BookingEvent.WAITING_DECLINED: _("Offer declined"),
    BookingEvent.WAITING_MISSED: _("Offer missed"),
    BookingEvent.WAITING_WITHDRAWN: _("Offer withdrawn"),
    BookingEvent.WAITING_LEFT: _("Left the waiting list"),
    BookingEvent.WAITING_CLOSED: _("Waiting ended"),
    BookingEvent.PATIENT_REGISTERED: _("Patient registered"),
    BookingEvent.PATIENT_CHANGED: _("Patient changed"),
    BookingEvent.PATIENTS_EXPORTED: _("List of patients exported"),
    BookingEvent.APPOINTMENTS_EXPORTED: _("List of appointments exported"),
    BookingEvent.INSURANCE_CHANGED: _("Insurance changed"),
    BookingEvent.CONSENT_GIVEN: _("Consent given"),
    BookingEvent.CONSENT_WITHDRAWN: _("Consent withdrawn"),
    BookingEvent.USER_CREATED: _("User added"),
    BookingEvent.USER_DEACTIVATED: _("User switched off"),
    BookingEvent.HOLIDAYS_SUGGESTED: _("Holidays suggested"),
    BookingEvent.HOLIDAYS_CONFIRMED: _("Holidays confirmed"),
    "holidays.changed": _("Holidays changed"),
    BookingEvent.CATALOGUE_CHANGED: _("Catalogue changed"),
    "schedule.changed": _("Schedule changed"),
    BookingEvent.PROVIDER_CHANGED: _("Practitioner changed"),
}
EVENT_NAMES.update(_NAMES)

_OVERBOOKED = (
    '<span class="inline-flex items-center gap-1 text-orange-700 dark:text-orange-400 whitespace-nowrap">'
    '<span class="material-symbols-outlined text-base" aria-hidden="true">group_add</span>{}</span>'
)


def say_appointment(row: Appointment) -> str:
    """Reference, time, practitioner, and the number in the queue, if there is one, in one line."""
    line = f"{row.reference}: {say_moment(row.start, weekday=True)}, {row.practitioner.name}"
    if row.queue_number is None:
        return line
    return str(_("%(appointment)s, queue number %(number)d")) % {
        "appointment": line,
        "number": row.queue_number,
    }


def overbooked_mark() -> str:
    """What tells that an appointment stands beside the seats: a symbol and the word."""
    return format_html(_OVERBOOKED, _("Overbooked"))


def say_refusal(refusal: DomainError) -> list[str]:
    """A refusal, and what can be had instead, in lines for a form or a message."""
    lines = [str(refusal)]
    if "alternatives" in refusal.data:
        slots = _say_slots(refusal.data["alternatives"])
        lines.append(
            str(_("Free instead: %s") % "; ".join(slots) if slots else _("There is no free time near it."))
        )
    if "allowed" in refusal.data:
        names = [str(STATUS_NAMES[Status(status)]) for status in refusal.data["allowed"]]
        lines.append(str(_("Possible now: %s") % (", ".join(names) or "–")))
    return lines


def _say_slots(slots: Iterable[OfferedSlot]) -> list[str]:
    return [
        f"{say_moment(clock.from_epoch(slot.start), weekday=True)}, {slot.practitioner_name}"
        for slot in slots
    ]
