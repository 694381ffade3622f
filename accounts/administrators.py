"""Somebody must be left who can administer a place: a hospital, or the platform."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Role
from core.errors import DomainError, Kind


class LastAdministrator(DomainError):
    """Without this account nobody could administer the place any more."""

    kind = Kind.CONFLICT
    reason = "last_administrator"
    text = _("This is the last administrator. Appoint another one first.")


def lock_with_administrators(user_id: UUID) -> User | None:
    """Lock a user of the schema at hand together with every active administrator, and return the user.

    Whoever is about to take somebody's role away, or to switch them off, calls this first, within the
    transaction: two who do it at once then wait for one another.
    """
    administrators = Q(role=Role.ADMIN, is_active=True)
    # Always in one order, so that two who lock the same rows cannot wait for each other for ever.
    rows = User.objects.select_for_update().filter(administrators | Q(pk=user_id)).order_by("pk")
    return next((row for row in list(rows) if row.pk == user_id), None)


def require_another_administrator(user_id: UUID) -> None:
    """Refuse, under the lock, to lose that administrator if there is no other one.

    Raises `LastAdministrator`.
    """
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user_id)
    if not others.exists():
        raise LastAdministrator
