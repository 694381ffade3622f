"""A booking as an iCalendar file (RFC 5545)."""

from datetime import UTC
from functools import lru_cache

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from bookings.models import Appointment
from bookings.rules.statuses import Status
from core import clock
from tenants.context import current_hospital


def booking_as_icalendar(row: Appointment) -> bytes:
    """One VEVENT with the zone's VTIMEZONE. The UID stays the same when the booking moves; SEQUENCE grows.

    It names the service, the provider and the hospital, and nothing that a patient wrote: calendars are
    shared.
    """
    hospital = current_hospital()
    zone = clock.zone(hospital.timezone)
    event = Event()
    event.add("uid", f"{row.pk}@{hospital.subdomain}.nadmor")
    event.add("dtstamp", row.updated_at.astimezone(UTC))
    event.add("last-modified", row.updated_at.astimezone(UTC))
    event.add("sequence", _tenths_since_booked(row))
    event.add("dtstart", row.start.astimezone(zone))
    event.add("dtend", row.end.astimezone(zone))
    event.add("summary", f"{row.service.name} · {hospital.name}")
    event.add(
        "description",
        _("Reference: %(reference)s") % {"reference": row.reference} + f"\n{row.practitioner.name}",
    )
    event.add("location", _place(hospital.name, hospital.address_line1, hospital.city))
    event.add("status", "CANCELLED" if row.status == Status.CANCELLED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//NadMor//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.subcomponents[:0] = map(_rules_of_zone, sorted(calendar.get_missing_tzids()))
    return bytes(calendar.to_ical())


@lru_cache(maxsize=16)
def _rules_of_zone(name: str) -> Timezone:
    """The VTIMEZONE of a zone. To work it out takes ten times as long as the rest of the file."""
    return Timezone.from_tzid(name)


def _tenths_since_booked(row: Appointment) -> int:
    """Grows with each change; tenths of a second, as 32 bits hold them for longer than any booking lasts."""
    return max(0, int((row.updated_at - row.created_at).total_seconds() * 10))


def _place(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
