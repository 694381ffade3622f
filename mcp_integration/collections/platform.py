"""Hospitals, accounts and plans."""

from collections.abc import Sequence
from typing import Any

from accounts.permissions import Role
from bookings.errors import UserNotFound
from bookings.queries.users import users_for
from bookings.serializers.fields import WireText
from bookings.serializers.users import UserSerializer
from core.actor import Actor
from mcp_integration.collections.filters import by_choice, from_day, is_so, one_of, until_day
from mcp_integration.collections.row import Collection, represented
from mcp_integration.toolbox.tool import Place
from registry.queries import hospitals_for
from registry.serializers import HospitalSerializer
from subscriptions.errors import PlanNotFound
from subscriptions.models import PlanType
from subscriptions.queries import plans_for
from subscriptions.serializers import PlanSerializer
from tenants.errors import HospitalNotFound
from tenants.models import HospitalType


def own_hospital(actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """The hospital at hand, which is that of every row; null to whoever may not see it, or outside of any."""
    found = represented(HospitalSerializer, list(hospitals_for(actor)[:2]))
    return [found[0] if len(found) == 1 else None] * len(rows)


_REGISTERED = {
    "created_from": from_day("created_at", "Registered at this date or after it."),
    "created_until": until_day("created_at", "Registered at this date or before it."),
}

HOSPITALS = Collection(
    name="hospitals",
    title="Hospitals",
    about="Hospitals of the platform; to a hospital's callers, their own.",
    needs=("hospital.read", "hospitals.read"),
    rows=hospitals_for,
    item=HospitalSerializer,
    sorts={"created_at": "created_at", "name": "name", "subdomain": "subdomain", "city": "city"},
    usual_sort="name",
    filters={
        "is_active": is_so("is_active", "Whether it is switched on."),
        "hospital_type": by_choice("hospital_type", HospitalType.values, "Of which kind."),
        "subdomain": one_of("subdomain", WireText(max_length=63), "By its subdomain."),
        **_REGISTERED,
    },
    place=Place.ANY,
    key="uuid",
    not_found=HospitalNotFound,
)
USERS = Collection(
    name="users",
    title="Users",
    about="Accounts of a hospital's people; without a hospital, the platform's operators.",
    needs=("users.read",),
    rows=users_for,
    item=UserSerializer,
    sorts={
        "created_at": "created_at", "last_login": "last_login", "role": "role", "first_name": "first_name",
        "last_name": "last_name",
    },
    usual_sort="-created_at",
    filters={
        "role": by_choice("role", Role.values, "By role."),
        "is_active": is_so("is_active", "Whether they can sign in."),
        **_REGISTERED,
    },
    expansions={"hospital": own_hospital},
    place=Place.ANY,
    not_found=UserNotFound,
)  # fmt: skip
PLANS = Collection(
    name="subscription_plans",
    title="Subscription plans",
    about="What hospitals can subscribe to.",
    needs=("plans.read", "plans.write"),
    rows=plans_for,
    item=PlanSerializer,
    sorts={
        "created_at": "created_at", "code": "code", "plan_type": "plan_type",
        "price_monthly": "price_monthly",
    },
    usual_sort="price_monthly",
    filters={
        "plan_type": by_choice("plan_type", PlanType.values, "For what sort of house."),
        "is_active": is_so("is_active", "Whether it can be subscribed to."),
    },
    place=Place.ANY,
    not_found=PlanNotFound,
)  # fmt: skip
