"""Appointments, as far as the actor may see them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bookings.errors import AppointmentNotFound
from bookings.models import Appointment
from bookings.references import canonical
from bookings.rules.statuses import Status
from core.actor import Actor

PAGE = 20
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the rows that match, how many match in all, and where to go on (None at the end)."""

    rows: list[Appointment]
    count: int
    next_after: tuple[datetime, str] | None


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
    after: tuple[datetime, str] | None = None,
    limit: int = PAGE,
) -> Page:
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
    rest = found.order_by("-start", "-id")
    if after is not None:
        start, key = after
        rest = rest.filter(Q(start__lt=start) | Q(start=start, id__lt=key))
    limit = min(max(limit, 1), LARGEST_PAGE)
    rows = list(rest[: limit + 1])
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(
        rows=rows[:limit],
        count=found.count(),
        next_after=(last.start, str(last.pk)) if last is not None else None,
    )
