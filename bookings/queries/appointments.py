"""Appointments, as far as the actor may see them."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.errors import AppointmentNotFound
from bookings.models import Appointment
from bookings.references import canonical
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from core.pages import USUAL, Page, Place, page_of
from tenants.context import current_hospital

# At the calendar's own ends, other zones' clocks overflow.
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


def appointments_for(actor: Actor) -> QuerySet[Appointment]:
    """All appointments (no holds) that the actor may see: everybody's, their own, or none."""
    rows = Appointment.objects.exclude(status=Status.HELD).select_related("service", "practitioner")
    if actor.can("appointments.read"):
        return rows
    if actor.practitioner_id is not None and actor.can("appointments.read_own"):
        return rows.filter(practitioner_id=actor.practitioner_id)
    if actor.patient_id is not None and actor.can("appointments.read_own"):
        return rows.filter(patient_id=actor.patient_id)
    return rows.none()


def appointment_for(actor: Actor, *, reference: str) -> Appointment:
    """One appointment by its reference, however it is written. Raises `AppointmentNotFound`."""
    row = appointments_for(actor).filter(reference=canonical(reference)).first()
    if row is None:
        raise AppointmentNotFound
    return row


def find_appointments_for(
    actor: Actor,
    *,
    phone: str = "",
    email: str = "",
    reference: str = "",
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[Appointment]:
    """Appointments that meet all given criteria, newest start first, a page at a time.

    `phone` is in E.164. `after` is the `next_after` of the page before.
    """
    found = appointments_for(actor)
    if phone:
        found = found.filter(guest_phone=phone)
    if email:
        found = found.filter(guest_email=email.lower())
    if reference:
        found = found.filter(reference=canonical(reference))
    return page_of(found, by="-start", after=after, limit=limit)


def appointment_by_id_for(actor: Actor, *, appointment_id: UUID) -> Appointment:
    """One appointment by its id, with its patient. Raises `AppointmentNotFound`."""
    row = appointments_for(actor).select_related("patient").filter(pk=appointment_id).first()
    if row is None:
        raise AppointmentNotFound
    return row


def list_appointments_for(
    actor: Actor,
    *,
    patient_id: UUID | None = None,
    practitioner_id: UUID | None = None,
    status: Status | None = None,
    date_from: date | None = None,
    date_until: date | None = None,
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[Appointment]:
    """Appointments that meet all given criteria with their patients, a page at a time: two statements.

    The dates are days of the hospital, both inclusive, in which an appointment starts. With `date_from` the
    earliest comes first, without it the latest. `after` is the `next_after` of the page before. Raises
    `InvalidInput` when the last day is before the first.
    """
    if date_from and date_until and date_until < date_from:
        raise InvalidInput(date_to=_("The last day must not be before the first."))
    asked = {
        "patient_id": patient_id,
        "practitioner_id": practitioner_id,
        "status": status,
        "start__gte": _midnight(date_from),
        "start__lt": _midnight(date_until, days=1),
    }
    found = appointments_for(actor).filter(**{name: value for name, value in asked.items() if value})
    by = "start" if date_from else "-start"
    return page_of(found.select_related("patient"), by=by, after=after, limit=limit)


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    """When a day of the hospital begins, or one that comes `days` after it."""
    if day is None:
        return None
    day = min(max(day, _FIRST_DAY), _LAST_DAY) + timedelta(days=days)
    return datetime.combine(day, time(), clock.zone(current_hospital().timezone))
