"""A plan for five doctors, a larger one, and who manages them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from core.actor import Actor
from jobs.models import Job
from subscriptions.actions import create_plan
from subscriptions.models import Plan, Subscription
from tenants.context import outside
from tenants.models import Hospital

OPERATOR = Actor.system("tests", "plans.read", "plans.write", "subscriptions.read", "subscriptions.write")


def make_plan(code: str = "small", **fields: Any) -> Plan:
    """A plan that costs 100, 270 and 1,000 baht and is for five doctors and ten of staff."""
    values: dict[str, Any] = {
        "code": code, "name_th": f"แผน {code}", "name_en": f"Plan {code}", "plan_type": "BASIC",
        "price_monthly": Decimal(100), "price_quarterly": Decimal(270), "price_annual": Decimal(1000),
        "max_doctors": 5, "max_staff": 10, "features": ["Booking"],
    }  # fmt: skip
    with outside():
        return create_plan(OPERATOR, **{**values, **fields})


@pytest.fixture
def operator_actor() -> Actor:
    """Who manages plans and subscriptions of all hospitals."""
    return OPERATOR


@pytest.fixture
def small(db) -> Plan:
    """For five doctors."""
    return make_plan()


@pytest.fixture
def large(db) -> Plan:
    """For any number, at twice the price."""
    return make_plan(
        "large", max_doctors=None, max_staff=None, price_monthly=Decimal(200), plan_type="ENTERPRISE"
    )


@pytest.fixture
def fresh_platform(fresh_hospital) -> Iterator[Hospital]:
    """A fresh hospital on a platform without plans; what a test leaves in the public schema goes with it."""
    _forget_plans()
    yield fresh_hospital
    _forget_plans()


def _forget_plans() -> None:
    with outside(), transaction.atomic():
        Subscription.objects.all().delete()
        Plan.objects.all().delete()
        Job.objects.filter(schema_name="public").delete()
        with connection.cursor() as cursor:
            # History resists being deleted by a trigger.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM public.events_event WHERE subject_type IN ('plan', 'subscription')")
            cursor.execute("SET LOCAL session_replication_role = origin")
