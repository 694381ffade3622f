"""What practitioners are trained for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.errors import DoctorNotFound, OnePrimary, SpecialtyNotFound
from bookings.events import BookingEvent
from bookings.models import Practitioner, PractitionerKind, PractitionerSpecialty, Specialty
from bookings.models.expertise import IN_THE_FUTURE
from bookings.models.people import LONGEST_CAREER
from bookings.queries.practitioners import doctors_with_training
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record
from tenants.context import current_hospital


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One specialty of a practitioner; years whole, the certificate's day on the hospital's calendar."""

    specialty_id: UUID
    is_primary: bool = False
    years_of_experience: int | None = None
    certification_date: date | None = None


@transaction.atomic
def update_doctor_specialties(
    actor: Actor, *, doctor_id: UUID, specialties: Sequence[Training]
) -> Practitioner:
    """Replace all specialties of a practitioner by these, of which just one is primary (none of none).

    Raises `DoctorNotFound`, `SpecialtyNotFound`, `OnePrimary`, `InvalidInput`.
    """
    actor.require("practitioners.write")
    people = Practitioner.objects.exclude(kind=PractitionerKind.ROOM)
    # Two who replace the list at once must not mix theirs.
    doctor = people.select_for_update(no_key=True).filter(pk=doctor_id).first()
    if doctor is None:
        raise DoctorNotFound
    codes = _check(specialties)
    before = [_fact(row) for row in PractitionerSpecialty.objects.filter(practitioner=doctor)]
    if sorted(before, key=str) == sorted(map(_fact, specialties), key=str):
        return doctors_with_training().get(pk=doctor_id)
    PractitionerSpecialty.objects.filter(practitioner=doctor).delete()
    PractitionerSpecialty.objects.bulk_create(_row(doctor, each) for each in specialties)
    record(
        actor,
        BookingEvent.PROVIDER_CHANGED,
        subject_type="provider",
        subject_id=doctor.pk,
        data={"how": "changed", "fields": ["specialties"], "specialties": codes},
    )
    return doctors_with_training().get(pk=doctor_id)


def _check(specialties: Sequence[Training]) -> list[str]:
    """The codes of the specialties, the primary one first, once everything about them is right."""
    if specialties and sum(each.is_primary for each in specialties) != 1:
        raise OnePrimary
    wanted = {each.specialty_id for each in specialties}
    if len(wanted) < len(specialties):
        raise InvalidInput(specialties=_("A specialty is named twice."))
    codes = dict(Specialty.objects.filter(pk__in=wanted).values_list("pk", "code"))
    if len(codes) < len(wanted):
        raise SpecialtyNotFound
    today = clock.today_in(current_hospital().timezone)
    if any(each.certification_date and each.certification_date > today for each in specialties):
        raise InvalidInput(specialties=IN_THE_FUTURE)
    if any(not 0 <= (each.years_of_experience or 0) <= LONGEST_CAREER for each in specialties):
        raise InvalidInput(specialties=_("Years of experience are between 0 and 80."))
    return [codes[each.specialty_id] for each in sorted(specialties, key=lambda one: not one.is_primary)]


def _fact(of: Training | PractitionerSpecialty) -> tuple[object, ...]:
    return of.specialty_id, of.is_primary, of.years_of_experience, of.certification_date


def _row(doctor: Practitioner, each: Training) -> PractitionerSpecialty:
    return PractitionerSpecialty(
        practitioner=doctor,
        specialty_id=each.specialty_id,
        is_primary=each.is_primary,
        years_of_experience=each.years_of_experience,
        certification_date=each.certification_date,
    )
