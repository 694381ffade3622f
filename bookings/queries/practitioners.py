"""Practitioners for staff's eyes: with their specialties, hours and whether they can be booked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet

from bookings.errors import DoctorNotFound
from bookings.models import (
    ExceptionKind,
    HealthcareService,
    Practitioner,
    PractitionerKind,
    PractitionerSpecialty,
    ScheduleException,
    WeeklyHours,
)
from bookings.queries.specialties import specialty_for
from core import clock
from core.actor import Actor
from core.pages import USUAL, Page, Place, page_of
from tenants.context import current_hospital

# Of one practitioner. Whoever has more to come asks for the availability of a day.
MOST_EXCEPTIONS = 50


@dataclass(frozen=True, slots=True)
class DoctorDetails:
    """One practitioner with everything that says when and for what they can be booked."""

    doctor: Practitioner
    services: list[HealthcareService]
    weekly_hours: list[WeeklyHours]
    exceptions: list[ScheduleException]


def doctors_for(actor: Actor) -> QuerySet[Practitioner]:
    """The people whose time is booked, as `doctors_with_training`, if the actor may see them."""
    return doctors_with_training() if actor.can("practitioners.read") else Practitioner.objects.none()


def doctors_with_training() -> QuerySet[Practitioner]:
    """Everybody whose time is booked, but no rooms.

    Each has `is_available`: active, bookable and with working hours, now or later; and `training`, the
    specialties with the primary one first (a statement more).
    """
    training = PractitionerSpecialty.objects.select_related("specialty").order_by("-is_primary", "id")
    return (
        Practitioner.objects.exclude(kind=PractitionerKind.ROOM)
        .annotate(is_available=_available())
        .prefetch_related(Prefetch("expertise", training, to_attr="training"))
    )


def doctor_for(actor: Actor, *, doctor_id: UUID) -> Practitioner:
    """One of `doctors_for`. Raises `DoctorNotFound`."""
    row = doctors_for(actor).filter(pk=doctor_id).first()
    if row is None:
        raise DoctorNotFound
    return row


def find_doctors_for(
    actor: Actor,
    *,
    specialty: str | UUID = "",
    is_available: bool | None = None,
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[Practitioner]:
    """Practitioners of a specialty (its id or code), newest first; four statements at most.

    `after` is the `next_after` of the page before. Raises `SpecialtyNotFound`.
    """
    found = doctors_for(actor)
    if specialty:
        field = specialty_for(actor, specialty=specialty)
        found = found.filter(
            Exists(PractitionerSpecialty.objects.filter(practitioner=OuterRef("pk"), specialty=field))
        )
    if is_available is not None:
        found = found.filter(Q(is_available=is_available))
    return page_of(found, after=after, limit=limit)


def doctor_details_for(actor: Actor, *, doctor_id: UUID) -> DoctorDetails:
    """One practitioner with services, present and coming hours, and coming exceptions. Five statements.

    Raises `DoctorNotFound`.
    """
    doctor = doctor_for(actor, doctor_id=doctor_id)
    today = _today()
    return DoctorDetails(
        doctor=doctor,
        services=list(doctor.services.filter(is_active=True)),
        weekly_hours=list(
            doctor.weekly_hours.filter(_still_valid(today)).order_by("weekday", "start_time", "valid_from")
        ),
        exceptions=list(
            doctor.exceptions.filter(date_until__gte=today).order_by("date_from", "start_time")[
                :MOST_EXCEPTIONS
            ]
        ),
    )


def _available() -> ExpressionWrapper:
    today = _today()
    weekly = WeeklyHours.objects.filter(_still_valid(today), practitioner=OuterRef("pk"))
    extra = ScheduleException.objects.filter(
        practitioner=OuterRef("pk"), kind=ExceptionKind.EXTRA_HOURS, date_until__gte=today
    )
    works = Q(is_active=True, is_bookable=True) & (Exists(weekly) | Exists(extra))
    return ExpressionWrapper(works, output_field=BooleanField())


def _still_valid(today: date) -> Q:
    return Q(valid_until=None) | Q(valid_until__gte=today)


def _today() -> date:
    return clock.today_in(current_hospital().timezone)
