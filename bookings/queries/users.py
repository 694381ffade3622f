"""Accounts of the place at hand: of a hospital's people, or the platform's operators."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from bookings.errors import UserNotFound
from core.actor import Actor
from core.pages import USUAL, Page, Place, page_of, with_words
from tenants.context import in_public_schema


def users_for(actor: Actor) -> QuerySet[User]:
    """The accounts that the actor may see, with the practitioner or patient behind each; or none.

    Outside of every hospital these are operators, and only who may see all hospitals sees them.
    """
    if not actor.can("users.read"):
        return User.objects.none()
    if in_public_schema() and not actor.can("hospitals.read"):
        return User.objects.none()
    return users_with_links()


def users_with_links() -> QuerySet[User]:
    """Every account of the schema at hand; in a hospital with the practitioner or patient behind it."""
    return (
        User.objects.all() if in_public_schema() else User.objects.select_related("practitioner", "patient")
    )


def user_for(actor: Actor, *, user_id: UUID) -> User:
    """One account. Raises `UserNotFound`."""
    row = users_for(actor).filter(pk=user_id).first()
    if row is None:
        raise UserNotFound
    return row


def find_users_for(
    actor: Actor,
    *,
    role: str = "",
    is_active: bool | None = None,
    search: str = "",
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[User]:
    """Accounts that meet all given criteria, newest first. Two statements.

    Each word of `search` stands in a name, the address or the number. `after` is the `next_after` of the
    page before.
    """
    found = users_for(actor)
    if role:
        found = found.filter(role=role)
    if is_active is not None:
        found = found.filter(is_active=is_active)
    found = with_words(found, search, "first_name", "last_name", "email", "phone_number")
    return page_of(found, after=after, limit=limit)
