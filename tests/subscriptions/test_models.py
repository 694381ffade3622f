"""What the database itself refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from core import clock
from subscriptions.models import Plan, Subscription
from tests.support.rows import refused_by


@pytest.fixture
def row(hospital, small) -> Subscription:
    return Subscription(
        hospital=hospital, plan=small, billing_cycle="MONTHLY", start_date=date(2026, 1, 31),
        current_period_start=date(2026, 1, 31), current_period_end=date(2026, 2, 28),
        price=Decimal(100), status="ACTIVE",
    )  # fmt: skip


def test_two_living_subscriptions_of_a_hospital_are_refused_and_old_ones_are_not(row):
    row.save()
    row.pk = None
    row.status = "UPCOMING"
    with refused_by("one_live_subscription_per_hospital"):
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("subscription_period", {"current_period_end": date(2026, 1, 31)}),
        ("subscription_period", {"current_period_start": date(2026, 1, 30)}),
        ("subscription_status", {"status": "PAUSED", "ended_at": clock.now()}),
        ("subscription_billing_cycle", {"billing_cycle": "WEEKLY"}),
        ("only_what_is_over_has_ended", {"ended_at": clock.now()}),
        ("only_what_is_over_has_ended", {"status": "EXPIRED"}),
        ("what_is_cancelled_says_when", {"cancel_at_period_end": True}),
        ("what_is_cancelled_says_when", {"status": "CANCELLED", "ended_at": clock.now()}),
    ],
)
def test_a_row_that_cannot_be_is_refused(row, constraint, fields):
    for name, value in fields.items():
        setattr(row, name, value)
    with refused_by(constraint):
        row.save()


def test_a_plan_costs_nothing_or_more(small):
    with refused_by("plan_costs_nothing_or_more"):
        Plan.objects.filter(pk=small.pk).update(price_annual=-1)


def test_a_plan_is_named_in_the_readers_language(small):
    with translation.override("th"):
        assert str(small) == "แผน small"
    with translation.override("en"):
        assert str(small) == "Plan small"
