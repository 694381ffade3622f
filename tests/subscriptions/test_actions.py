from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from events.outbox import history_of
from subscriptions.actions import (
    cancel_subscription,
    change_plan,
    create_plan,
    create_subscription,
    update_subscription,
)
from subscriptions.models import Subscription
from subscriptions.periods import add_months
from subscriptions.queries import (
    find_plans_for,
    plans_for,
    present_subscription_for,
    subscription_for,
    subscriptions_for,
)
from tenants.context import inside, outside
from tests.subscriptions.conftest import make_plan
from tests.support.booking import refused
from tests.support.catalogue import make_practitioner


@pytest.fixture
def today(hospital) -> date:
    return clock.today_in(hospital.timezone)


@pytest.fixture
def subscribed(operator_actor, hospital, small) -> Subscription:
    """Ploy has subscribed to the small plan, from today on."""
    return create_subscription(operator_actor, hospital=hospital, plan_id=small.pk, billing_cycle="MONTHLY")


def told(row: Subscription) -> list[str]:
    return [event.type for event in history_of("subscription", row.pk)]


@pytest.mark.parametrize(
    ("cycle", "months", "price"), [("MONTHLY", 1, 100), ("QUARTERLY", 3, 270), ("ANNUAL", 12, 1000)]
)
def test_a_subscription_from_today_runs_for_one_period_of_its_cycle(
    operator_actor, hospital, small, today, cycle, months, price
):
    row = create_subscription(operator_actor, hospital=hospital, plan_id=small.pk, billing_cycle=cycle)

    row.refresh_from_db()
    assert (row.status, row.price, row.auto_renew) == ("ACTIVE", Decimal(price), True)
    assert row.period == (today, add_months(today, months))
    (event,) = history_of("subscription", row.pk)
    assert (event.type, event.data["hospital_id"]) == ("subscription.created", str(hospital.uuid))


def test_a_start_ahead_waits_and_one_in_the_past_is_in_the_period_of_today(
    operator_actor, hospital, other_hospital, small, today
):
    ahead = create_subscription(
        operator_actor, hospital=hospital, plan_id=small.pk, billing_cycle="MONTHLY",
        start_date=today + timedelta(days=3),
    )  # fmt: skip
    began = today - timedelta(days=100)
    behind = create_subscription(
        operator_actor, hospital=other_hospital, plan_id=small.pk, billing_cycle="MONTHLY", start_date=began
    )

    assert (ahead.status, ahead.current_period_start) == ("UPCOMING", today + timedelta(days=3))
    assert behind.status == "ACTIVE"
    assert behind.current_period_start <= today < behind.current_period_end
    assert behind.start_date == began


@pytest.mark.parametrize("days", [-400, 400])
def test_a_start_more_than_a_year_away_is_refused_by_its_field(operator_actor, hospital, small, today, days):
    with pytest.raises(InvalidInput) as caught:
        create_subscription(
            operator_actor, hospital=hospital, plan_id=small.pk, billing_cycle="MONTHLY",
            start_date=today + timedelta(days=days),
        )  # fmt: skip
    assert "start_date" in caught.value.data["fields"]


def test_a_hospital_has_one_living_subscription(operator_actor, hospital, large, subscribed):
    with refused("already_subscribed") as caught:
        create_subscription(operator_actor, hospital=hospital, plan_id=large.pk, billing_cycle="ANNUAL")

    assert caught.value.data == {"subscription_id": str(subscribed.pk)}
    cancel_subscription(operator_actor, subscription_id=subscribed.pk, reason="Closing", immediate=True)
    again = create_subscription(operator_actor, hospital=hospital, plan_id=large.pk, billing_cycle="ANNUAL")
    assert again.status == "ACTIVE"


def test_a_plan_that_is_not_offered_cannot_be_chosen_and_is_kept(operator_actor, hospital, small, subscribed):
    change_plan(operator_actor, plan_id=small.pk, is_active=False)
    with refused("plan_not_offered"):
        create_subscription(operator_actor, hospital=hospital, plan_id=small.pk, billing_cycle="MONTHLY")

    changed = update_subscription(
        operator_actor, subscription_id=subscribed.pk, plan_id=small.pk, auto_renew=False
    )
    assert (changed.plan_id, changed.auto_renew) == (small.pk, False)


def test_a_larger_plan_counts_at_once_and_the_period_stays(operator_actor, small, large, subscribed):
    changed = update_subscription(operator_actor, subscription_id=subscribed.pk, plan_id=large.pk)

    assert (changed.plan, changed.price, changed.period) == (large, Decimal(200), subscribed.period)
    event = history_of("subscription", subscribed.pk)[-1]
    assert event.changes == {"plan": [str(small.pk), str(large.pk)], "price": ["100.00", "200.00"]}


def test_a_smaller_plan_is_refused_while_the_hospital_has_more_than_it_allows(
    operator_actor, hospital, large, subscribed
):
    tiny = make_plan("tiny", max_doctors=1, max_staff=4)
    with inside(hospital):
        extra = make_practitioner("Dr Extra")
    with refused("plan_too_small") as caught:
        update_subscription(operator_actor, subscription_id=subscribed.pk, plan_id=tiny.pk)
    assert caught.value.data == {"doctors": {"have": 2, "limit": 1}}

    with inside(hospital):
        extra.is_active = False
        extra.save()
    assert update_subscription(operator_actor, subscription_id=subscribed.pk, plan_id=tiny.pk).plan == tiny


def test_a_plan_that_is_too_small_cannot_be_subscribed_to_either(operator_actor, hospital):
    none = make_plan("none", max_doctors=0, max_staff=0)
    with refused("plan_too_small") as caught:
        create_subscription(operator_actor, hospital=hospital, plan_id=none.pk, billing_cycle="MONTHLY")
    assert caught.value.data == {"doctors": {"have": 1, "limit": 0}, "staff": {"have": 4, "limit": 0}}


def test_an_update_that_changes_nothing_is_not_told(operator_actor, small, subscribed):
    update_subscription(operator_actor, subscription_id=subscribed.pk, plan_id=small.pk, auto_renew=True)
    assert told(subscribed) == ["subscription.created"]


def test_cancelling_at_once_ends_now(operator_actor, subscribed):
    before = clock.now()
    row = cancel_subscription(
        operator_actor, subscription_id=subscribed.pk, reason="Too dear", immediate=True
    )

    row.refresh_from_db()
    assert (row.status, row.cancel_reason, row.cancel_at_period_end) == ("CANCELLED", "Too dear", False)
    assert before <= row.cancelled_at <= clock.now()
    assert row.ended_at == row.cancelled_at
    event = history_of("subscription", row.pk)[-1]
    assert (event.type, event.data["has_reason"]) == ("subscription.cancelled", True)
    assert "Too dear" not in str(event.data) + str(event.changes)


def test_cancelling_at_the_end_of_the_period_lets_it_run_and_can_be_taken_back(operator_actor, subscribed):
    row = cancel_subscription(operator_actor, subscription_id=subscribed.pk, reason="Moving", immediate=False)
    assert (row.status, row.cancel_at_period_end, row.ended_at) == ("ACTIVE", True, None)
    with refused("cancelled_already") as caught:
        cancel_subscription(operator_actor, subscription_id=subscribed.pk, reason="Again", immediate=False)
    assert caught.value.data == {"ends_on": row.current_period_end.isoformat()}

    back = update_subscription(operator_actor, subscription_id=subscribed.pk, auto_renew=True)
    assert (back.cancel_at_period_end, back.cancelled_at, back.cancel_reason) == (False, None, "")


def test_what_was_cancelled_for_the_end_can_be_ended_now(operator_actor, subscribed):
    for immediate in (False, True):
        row = cancel_subscription(
            operator_actor, subscription_id=subscribed.pk, reason="Moving", immediate=immediate
        )
    assert (row.status, row.cancel_at_period_end) == ("CANCELLED", False)


def test_one_that_has_not_begun_ends_now_either_way(operator_actor, hospital, small, today):
    row = create_subscription(
        operator_actor, hospital=hospital, plan_id=small.pk, billing_cycle="MONTHLY",
        start_date=today + timedelta(days=3),
    )  # fmt: skip
    row = cancel_subscription(operator_actor, subscription_id=row.pk, reason="No", immediate=False)
    assert row.status == "CANCELLED"


def test_what_has_ended_does_not_change(operator_actor, large, subscribed):
    cancel_subscription(operator_actor, subscription_id=subscribed.pk, reason="x", immediate=True)
    with refused("subscription_over"):
        update_subscription(operator_actor, subscription_id=subscribed.pk, plan_id=large.pk)
    with refused("subscription_over"):
        cancel_subscription(operator_actor, subscription_id=subscribed.pk, reason="x", immediate=True)


def test_changing_a_plan_tells_which_fields_and_wrong_ones_are_named(operator_actor, small):
    change_plan(operator_actor, plan_id=small.pk, max_doctors=9, name_en=small.name_en)
    event = history_of("plan", small.pk)[-1]
    assert (event.type, event.data["fields"]) == ("plan.changed", ["max_doctors"])

    with pytest.raises(InvalidInput) as caught:
        change_plan(operator_actor, plan_id=small.pk, price_monthly=Decimal(-1))
    assert "price_monthly" in caught.value.data["fields"]
    with pytest.raises(InvalidInput) as caught:
        make_plan(small.code)
    assert "code" in caught.value.data["fields"]


# ── who may ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_only_administrators_see_plans_or_change_a_subscription(people, hospital, small, subscribed, role):
    with inside(hospital):
        actor = people.actor(role)
        assert plans_for(actor).count() == subscriptions_for(actor).count() == 0
        with pytest.raises(NotAllowed):
            create_subscription(actor, hospital=hospital, plan_id=small.pk, billing_cycle="MONTHLY")
        with pytest.raises(NotAllowed):
            update_subscription(actor, subscription_id=subscribed.pk, auto_renew=False)
        with pytest.raises(NotAllowed):
            cancel_subscription(actor, subscription_id=subscribed.pk, reason="x", immediate=True)
        with pytest.raises(NotAllowed):
            create_plan(actor, code="x")


def test_a_hospitals_administrator_reaches_their_own_subscription_alone(
    people, hospital, other_hospital, operator_actor, small, subscribed
):
    theirs = create_subscription(
        operator_actor, hospital=other_hospital, plan_id=small.pk, billing_cycle="MONTHLY"
    )
    with inside(hospital):
        adam = people.actor(Role.ADMIN)
        assert list(subscriptions_for(adam)) == [subscribed]
        assert present_subscription_for(adam) == subscribed
        with refused("subscription_not_found"):
            subscription_for(adam, subscription_id=theirs.pk)
        with refused("subscription_not_found"):
            update_subscription(adam, subscription_id=theirs.pk, auto_renew=False)
        with refused("subscription_not_found"):
            cancel_subscription(adam, subscription_id=theirs.pk, reason="x", immediate=True)
        with refused("hospital_not_found"):
            create_subscription(adam, hospital=other_hospital, plan_id=small.pk, billing_cycle="MONTHLY")
        assert update_subscription(adam, subscription_id=subscribed.pk, auto_renew=False).auto_renew is False
    theirs.refresh_from_db()
    assert (theirs.status, theirs.auto_renew) == ("ACTIVE", True)
    with outside():
        assert subscriptions_for(operator_actor).count() == 2


def test_a_hospital_sees_the_plans_that_are_offered_and_the_platform_all(
    people, operator_actor, hospital, small
):
    hidden = make_plan("hidden", is_active=False, plan_type="ENTERPRISE")
    with inside(hospital):
        adam = people.actor(Role.ADMIN)
        assert find_plans_for(adam).rows == [small]
        assert find_plans_for(adam, is_active=False).count == 0
    assert find_plans_for(operator_actor, plan_type="ENTERPRISE").rows == [hidden]
    assert find_plans_for(operator_actor).rows == [small, hidden]
    assert find_plans_for(Actor.system("nobody")).rows == []
