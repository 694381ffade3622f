"""Plans and subscriptions by the tools."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.permissions import Role
from core import clock
from subscriptions.actions import create_subscription
from subscriptions.models import Plan, Subscription
from subscriptions.periods import add_months
from tenants.context import outside
from tests.subscriptions.conftest import OPERATOR, make_plan
from tests.support.statements import counted

TOOLS = ("list_subscription_plans", "create_subscription", "update_subscription", "cancel_subscription")


@pytest.fixture
def small(db) -> Plan:
    return make_plan()


@pytest.fixture
def subscribed(hospital, small) -> Subscription:
    with outside():
        return create_subscription(OPERATOR, hospital=hospital, plan_id=small.pk, billing_cycle="MONTHLY")


def asked(hospital, plan, **more):
    return {
        "hospital_id": str(hospital.uuid), "plan_id": str(plan.pk), "billing_cycle": "MONTHLY",
        "start_date": clock.today_in(hospital.timezone).isoformat(), **more,
    }  # fmt: skip


def test_plans_are_listed_a_page_at_a_time_by_type_and_by_whether_they_are_offered(tools_of_platform, small):
    large = make_plan("large", plan_type="ENTERPRISE", max_doctors=None)
    make_plan("old", is_active=False)
    tools = tools_of_platform()

    everything = tools.call("list_subscription_plans", limit=2)
    rest = tools.call("list_subscription_plans", limit=2, cursor=everything["next_cursor"])
    assert everything["count"] == 3
    assert [plan["code"] for plan in everything["results"] + rest["results"]] == ["small", "large", "old"]
    assert rest["next_cursor"] is None
    (found,) = tools.call("list_subscription_plans", plan_type="ENTERPRISE")["results"]
    assert (found["id"], found["max_doctors"], found["price_monthly"]) == (str(large.pk), None, "100.00")
    assert tools.call("list_subscription_plans", is_active=False)["count"] == 1


def test_the_life_of_a_subscription_as_the_platform(tools_of_platform, hospital, small):
    tools, today = tools_of_platform(), clock.today_in(hospital.timezone)
    large = make_plan("large", max_doctors=None, max_staff=None)

    made = tools.call("create_subscription", **asked(hospital, small))
    assert (made["status"], made["hospital_id"], made["price"]) == ("ACTIVE", str(hospital.uuid), "100.00")
    assert made["current_period_end"] == add_months(today, 1).isoformat()
    again = tools.refused("create_subscription", **asked(hospital, large))
    assert (again["code"], again["reason"]) == ("CONFLICT", "already_subscribed")
    assert again["details"]["subscription_id"] == made["id"]

    changed = tools.call("update_subscription", subscription_id=made["id"], plan_id=str(large.pk))
    assert changed["plan"]["code"] == "large"
    later = tools.call("cancel_subscription", subscription_id=made["id"], reason="Moves", immediate=False)
    assert (later["status"], later["cancel_at_period_end"]) == ("ACTIVE", True)
    assert later["cancelled_at"].endswith("+07:00")
    back = tools.call("update_subscription", subscription_id=made["id"], auto_renew=True)
    assert back["cancel_at_period_end"] is False
    over = tools.call(
        "cancel_subscription", subscription_id=made["id"], reason="Moves", immediate=True, confirm=True
    )
    assert over["status"] == "CANCELLED"
    assert tools.refused("update_subscription", subscription_id=made["id"], auto_renew=True)["reason"] == (
        "subscription_over"
    )


def test_ending_at_once_is_asked_about_and_ending_later_is_not(tools_of, subscribed):
    tools = tools_of(Role.ADMIN)
    ending = {"subscription_id": str(subscribed.pk), "reason": "Moves", "immediate": True}

    error = tools.refused("cancel_subscription", **ending)

    assert error["reason"] == "confirmation_required"
    question = error["details"]["question"]
    assert "Plan small" in question
    assert subscribed.current_period_end.isoformat() in question
    subscribed.refresh_from_db()
    assert subscribed.status == "ACTIVE"
    assert tools.call("cancel_subscription", **{**ending, "immediate": False})["cancel_at_period_end"] is True


def test_the_same_request_sent_again_subscribes_once(tools_of_platform, hospital, small):
    tools = tools_of_platform()
    sent = asked(hospital, small, idempotency_key="subscribe-1")
    assert tools.call("create_subscription", **sent) == tools.call("create_subscription", **sent)
    assert Subscription.objects.filter(hospital=hospital).count() == 1


def test_a_plan_that_is_too_small_is_refused_with_the_numbers(tools_of, hospital, subscribed):
    tiny = make_plan("tiny", max_staff=1)
    error = tools_of(Role.ADMIN).refused(
        "update_subscription", subscription_id=str(subscribed.pk), plan_id=str(tiny.pk)
    )
    assert (error["reason"], error["details"]) == ("plan_too_small", {"staff": {"have": 4, "limit": 1}})


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"start_date": "2569-12-01"}, "start_date"),
        ({"start_date": "1999-01-01"}, "start_date"),
        ({"billing_cycle": "WEEKLY"}, "billing_cycle"),
        ({"plan_id": "small"}, "plan_id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_input_is_refused_by_its_field(tools_of_platform, hospital, small, sent, field):
    error = tools_of_platform().refused("create_subscription", **asked(hospital, small, **sent))
    assert error["code"] == "VALIDATION_ERROR"
    assert field in error["details"]


def test_a_start_ahead_waits(tools_of, hospital, small):
    start = clock.today_in(hospital.timezone) + timedelta(days=5)
    made = tools_of(Role.ADMIN).call(
        "create_subscription", **asked(hospital, small, start_date=start.isoformat())
    )
    assert (made["status"], made["start_date"]) == ("UPCOMING", start.isoformat())


def test_a_hospital_reaches_neither_another_hospital_nor_its_subscription(
    tools_of, tools_by_key, hospital, other_hospital, small
):
    with outside():
        theirs = create_subscription(
            OPERATOR, hospital=other_hospital, plan_id=small.pk, billing_cycle="MONTHLY"
        )
    for tools in (tools_of(Role.ADMIN), tools_by_key("admin:hospital")):
        assert tools.refused("create_subscription", **asked(other_hospital, small))["reason"] == (
            "hospital_not_found"
        )
        for name, more in (
            ("update_subscription", {"auto_renew": False}),
            ("cancel_subscription", {"reason": "x", "immediate": True, "confirm": True}),
            ("cancel_subscription", {"reason": "x", "immediate": True}),
        ):
            for key in (theirs.pk, uuid4()):
                error = tools.refused(name, subscription_id=str(key), **more)
                assert error["reason"] == "subscription_not_found"
    theirs.refresh_from_db()
    assert (theirs.status, theirs.auto_renew) == ("ACTIVE", True)


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_only_administrators_use_these_tools(tools_of, role):
    tools = tools_of(role)
    for name in TOOLS:
        assert tools.refused(name)["reason"] == "tool_not_allowed"


@pytest.mark.parametrize("scope", ["read:bookings", "write:bookings", "read:records", "manage:webhooks"])
def test_a_key_needs_the_scope(tools_by_key, scope):
    tools = tools_by_key(scope)
    for name in TOOLS:
        assert tools.refused(name)["reason"] == "tool_not_allowed"


def test_listing_costs_the_same_for_three_plans_as_for_one(tools_of_platform, small):
    tools = tools_of_platform()

    def ask():
        with counted() as statements:
            tools.call("list_subscription_plans")
        return len(statements)

    ask()
    one = ask()
    make_plan("second")
    make_plan("third")
    assert ask() == one


def test_results_are_said_in_a_sentence_in_either_language(tools_of_platform, hospital, small):
    tools = tools_of_platform()
    said = tools.outcome("list_subscription_plans").text
    assert said == "1 plan, with the price of a month: Plan small (100.00 THB)."
    assert "it renews on" in tools.outcome("create_subscription", **asked(hospital, small)).text
    tools.language = "th"
    assert "แผน small" in tools.outcome("list_subscription_plans").text
