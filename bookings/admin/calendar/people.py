"""Whose columns the calendar has, and what can be booked with them."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from bookings.models import Appointment, HealthcareService, Practitioner, PractitionerSpecialty
from bookings.queries.catalogue import Catalogue
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from core.thai_order import thai_key

# Who works here no more keeps a column for as long as somebody may look back, or is booked with them.
_LOOK_BACK = timedelta(days=30)


def columns_for(actor: Actor) -> list[dict[str, Any]]:
    """Everybody whose appointments the actor may see, in the order of their names. Two statements.

    A doctor has the own column alone.
    """
    booked = Appointment.objects.filter(
        practitioner=OuterRef("pk"), start__gte=clock.now() - _LOOK_BACK
    ).exclude(status__in=[Status.HELD, Status.CANCELLED])
    found = Practitioner.objects.filter(Q(is_active=True) | Exists(booked))
    if not actor.can("appointments.read"):
        found = found.filter(pk__in=[key for key in (actor.practitioner_id,) if key is not None])
    training = PractitionerSpecialty.objects.select_related("specialty").order_by("-is_primary", "id")
    rows = found.prefetch_related(Prefetch("expertise", training, to_attr="training"))
    return [_column(row) for row in sorted(rows, key=lambda row: (thai_key(row.name), str(row.pk)))]


def _column(row: Practitioner) -> dict[str, Any]:
    training: list[PractitionerSpecialty] = row.training  # type: ignore[attr-defined]  # prefetched
    return {
        "id": str(row.pk),
        "name": row.name,
        "kind": row.kind,
        "specialties": [each.specialty.name for each in training],
        "bookable": row.is_active and row.is_bookable,
    }


def services_of(present: Catalogue) -> list[dict[str, Any]]:
    """What can be booked, with whom."""
    return [_service(service, present) for service in present.services.values()]


def _service(service: HealthcareService, present: Catalogue) -> dict[str, Any]:
    price = None if service.price is None else f"{service.price} {service.currency}"
    return {
        "id": service.pk,
        "name": service.name,
        "minutes": service.duration_minutes,
        "colour": service.colour,
        "practitioner_ids": list(present.book.services[service.pk].practitioner_ids),
        "price": price,
    }
