"""Specialties of the hospital, with how many work in each."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bookings.errors import SpecialtyNotFound
from bookings.models import Specialty
from bookings.models.people import PractitionerKind
from core.actor import Actor
from core.pages import USUAL, Page, Place, page_of, with_words

_WORKS_HERE = Q(practitioners__is_active=True) & ~Q(practitioners__kind=PractitionerKind.ROOM)


def specialties_for(actor: Actor) -> QuerySet[Specialty]:
    """The specialties, if the actor may see the catalogue, each with its `doctor_count`."""
    if not actor.can("catalogue.read"):
        return Specialty.objects.none()
    return Specialty.objects.annotate(doctor_count=Count("practitioners", filter=_WORKS_HERE))


def specialty_for(actor: Actor, *, specialty: str | UUID) -> Specialty:
    """One specialty by its id or its code. Raises `SpecialtyNotFound`."""
    row = specialties_for(actor).filter(_named(specialty)).first()
    if row is None:
        raise SpecialtyNotFound
    return row


def find_specialties_for(
    actor: Actor,
    *,
    search: str = "",
    is_active: bool | None = None,
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[Specialty]:
    """Specialties whose code, names or description hold each word of a text, newest first. Two statements.

    `after` is the `next_after` of the page before.
    """
    found = with_words(specialties_for(actor), search, "code", "name_th", "name_en", "description")
    if is_active is not None:
        found = found.filter(is_active=is_active)
    return page_of(found, after=after, limit=limit)


def _named(specialty: str | UUID) -> Q:
    try:
        return Q(pk=UUID(str(specialty)))
    except ValueError:
        return Q(code=str(specialty).strip().lower())
