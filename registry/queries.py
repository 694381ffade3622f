"""Hospitals, as far as the actor may see them."""

from uuid import UUID

from django.db.models import QuerySet

from core.actor import Actor
from core.pages import USUAL, Page, Place, page_of, with_words
from tenants.context import current_hospital, in_public_schema, outside
from tenants.errors import HospitalNotFound
from tenants.models import Hospital


def hospitals_for(actor: Actor) -> QuerySet[Hospital]:
    """The hospitals that the actor may see: inside of one that one alone, outside every one, or none."""
    rows: QuerySet[Hospital] = Hospital.objects.all()
    if in_public_schema():
        return rows if actor.can("hospitals.read") else rows.none()
    sees = actor.can("hospital.read") or actor.can("hospitals.read")
    return rows.filter(pk=current_hospital().pk) if sees else rows.none()


def hospital_for(actor: Actor, *, hospital_id: UUID) -> Hospital:
    """One hospital by its UUID. Raises `HospitalNotFound`."""
    row = hospitals_for(actor).filter(uuid=hospital_id).first()
    if row is None:
        raise HospitalNotFound
    return row


def find_hospitals_for(
    actor: Actor,
    *,
    search: str = "",
    is_active: bool | None = None,
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[Hospital]:
    """Hospitals whose name, subdomain, town or registration number holds a text, newest first.

    `after` is the `next_after` of the page before.
    """
    found = with_words(hospitals_for(actor), search, "name", "subdomain", "city", "registration_number")
    if is_active is not None:
        found = found.filter(is_active=is_active)
    with outside():
        return page_of(found, key="uuid", after=after, limit=limit)
