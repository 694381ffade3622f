"""What a hospital's plan limits: how many doctors and staff accounts may be active at once.

A hospital without a subscription that runs is not limited. Who counts something registers how, as the rooms
that know it stand above this one.
"""

from collections.abc import Callable
from typing import Literal

from django.db import connection

from accounts.models import User
from accounts.permissions import STAFF_ROLES
from subscriptions.errors import PlanLimitReached
from subscriptions.models import Plan, SubscriptionStatus
from tenants.context import current_hospital, in_public_schema, inside
from tenants.models import Hospital

What = Literal["doctors", "staff"]
Count = Callable[[], int]

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('plan:' || %s, 0))"


def _count_staff() -> int:
    return User.objects.filter(is_active=True, role__in=STAFF_ROLES).count()


_counts: dict[str, Count] = {"staff": _count_staff}


def count_with(what: What, count: Count) -> None:
    """Say how many of something the hospital at hand has; called from `AppConfig.ready`."""
    _counts[what] = count


def require_room(hospital: Hospital, what: What, *, have: int) -> None:
    """Raise `PlanLimitReached` unless one more may come to those that the hospital has.

    On its own this is a look; whoever is about to add one calls `take_room`.
    """
    limit = limits_of(hospital).get(what)
    if limit is not None and have >= limit:
        raise PlanLimitReached(what, limit)


def take_room(hospital: Hospital, what: What) -> None:
    """Make sure that one more may be added or switched on, in this transaction, before it is written.

    Whoever else adds something to this hospital, or changes its plan, waits until the transaction ends: two
    at once never pass the limit. Raises `PlanLimitReached`.
    """
    lock_room(hospital)
    with inside(hospital):
        require_room(hospital, what, have=_counts[what]())


def take_room_for_staff() -> None:
    """Take room for one more of the staff of the hospital at hand; the platform has no plan."""
    if not in_public_schema():
        take_room(current_hospital(), "staff")


def lock_room(hospital: Hospital) -> None:
    """Let nobody else add to a hospital or change its plan until this transaction ends."""
    if not connection.in_atomic_block:
        raise RuntimeError("The lock is held until the transaction ends, and there is none.")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [hospital.schema_name])


def limits_of(hospital: Hospital) -> dict[str, int | None]:
    """What the hospital's running subscription allows; empty without one."""
    plan = Plan.objects.filter(
        subscriptions__hospital=hospital, subscriptions__status=SubscriptionStatus.ACTIVE
    ).first()
    return plan.limits if plan is not None else {}


def usage_of(hospital: Hospital) -> dict[str, int]:
    """How many a hospital has of what plans limit."""
    with inside(hospital):
        return {what: count() for what, count in sorted(_counts.items())}
