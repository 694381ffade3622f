"""Plans and subscriptions of hospitals."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import serializers

from bookings.serializers.fields import WireBoolean, WireDate, WireId, WireText
from core.pages import Page
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import PageParameters, page_serializer
from mcp_integration.toolbox.tool import ADD, CHANGE, DESTROY, READ, Group, Place, Tool
from subscriptions.actions import cancel_subscription, create_subscription, update_subscription
from subscriptions.models import BillingCycle, Plan, PlanType, Subscription, SubscriptionStatus
from subscriptions.queries import find_plans_for, subscription_for
from subscriptions.serializers import PlanSerializer, SubscriptionSerializer

_HOSPITAL = "0d4f1c9e-6a52-4b0e-9f3a-2f1f0c8a7b11"
_PLAN = "5b6a2f10-9c1d-4e53-8a77-3f0f4a2f9d20"
_SUBSCRIPTION = "c2a6a6de-31f5-4d0b-8a35-6a0f1f6f7e44"


class ListPlansSerializer(PageParameters):
    """Which plans."""

    plan_type = serializers.ChoiceField(
        required=False, choices=PlanType.values, help_text="For what sort of house."
    )
    is_active = WireBoolean(
        required=False, help_text="True: those that can be subscribed to; false: those that no longer can."
    )


class CreateSubscriptionSerializer(serializers.Serializer):
    """A hospital's new subscription."""

    hospital_id = WireId(help_text="Whose: the hospital's `id`.")
    plan_id = WireId(help_text="To what: the plan's `id` of list_subscription_plans.")
    start_date = WireDate(
        help_text="YYYY-MM-DD on the hospital's calendar, at most a year away; ahead of today it waits."
    )
    billing_cycle = serializers.ChoiceField(
        choices=BillingCycle.values, help_text="How long each period is: one, three or twelve months."
    )


class UpdateSubscriptionSerializer(serializers.Serializer):
    """What is to change of a subscription; what is left out stays."""

    subscription_id = WireId(help_text="The subscription's `id`.")
    plan_id = WireId(required=False, help_text="Another plan, from now on.")
    auto_renew = WireBoolean(
        required=False,
        help_text="Whether another period follows by itself; true also takes back a cancelling that is to "
        "come at the end of the period.",
    )


class CancelSubscriptionSerializer(serializers.Serializer):
    """Which subscription ends, why and when."""

    subscription_id = WireId(help_text="The subscription's `id`.")
    reason = WireText(max_length=500, help_text="Why, in the hospital's words; kept for the platform.")
    immediate = WireBoolean(help_text="True ends it now; false at the end of the period that is paid for.")


def _list(call: Call) -> Page[Plan]:
    asked: Any = call.asked
    chosen = {name: call.data[name] for name in ("plan_type", "is_active") if name in call.data}
    return call.do(find_plans_for, **chosen, **asked.page())


def _create(call: Call) -> Subscription:
    asked = {name: value for name, value in call.data.items() if name != "hospital_id"}
    if call.hospital is None:
        raise RuntimeError("The toolbox has entered the hospital that was named.")
    return call.do(create_subscription, hospital=call.hospital, **asked)


def _update(call: Call) -> Subscription:
    return call.do(update_subscription, **call.data)


def _cancel(call: Call) -> Subscription:
    return call.do(cancel_subscription, **call.data)


def _question(call: Call) -> str | None:
    """Asked before a subscription ends at once: what is paid for is lost."""
    key: UUID = call.data["subscription_id"]
    row = call.do(subscription_for, subscription_id=key)
    if not call.data["immediate"] or not row.is_live:
        return None
    return _("End the plan %(plan)s of %(hospital)s now? It was to run until %(day)s.") % {
        "plan": row.plan.name,
        "hospital": row.hospital.name,
        "day": row.current_period_end.isoformat(),
    }


def _say_plans(result: dict[str, Any]) -> str:
    count = result["count"]
    names = ", ".join(
        f"{plan['name']} ({plan['price_monthly']} {plan['currency']})" for plan in result["results"]
    )
    said = ngettext("%(count)d plan, with the price of a month: %(names)s.",
                    "%(count)d plans, with the price of a month: %(names)s.", count)  # fmt: skip
    return said % {"count": count, "names": names} if count else _("There is no such plan.")


def _say(result: dict[str, Any]) -> str:
    told = {
        "plan": result["plan"]["name"],
        "price": f"{result['price']} {result['currency']}",
        "day": result["current_period_end"],
        "start": result["start_date"],
    }
    if result["status"] == SubscriptionStatus.UPCOMING:
        return _("%(plan)s for %(price)s a period, from %(start)s on.") % told
    if result["status"] != SubscriptionStatus.ACTIVE:
        return _("The subscription to %(plan)s has ended.") % told
    if result["cancel_at_period_end"]:
        return _("%(plan)s is cancelled and runs until %(day)s.") % told
    if not result["auto_renew"]:
        return _("%(plan)s for %(price)s; it ends on %(day)s.") % told
    return _("%(plan)s for %(price)s; it renews on %(day)s.") % told


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="list_subscription_plans",
        title="List subscription plans",
        description=(
            "Lists the plans that hospitals can subscribe to: prices in Thai baht for a month, a quarter "
            "and a year, and how many active doctors and staff accounts each is for (null: any number). "
            "Use it to compare plans and to find the plan_id for create_subscription and "
            "update_subscription. It says nothing about what patients pay: prices of services are in "
            'get_event_types. Example: {"plan_type": "PROFESSIONAL", "is_active": true}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("plans.read", "plans.write"),
        takes=ListPlansSerializer,
        gives=page_serializer(PlanSerializer),
        run=_list,
        says=_say_plans,
        example={"plan_type": "PROFESSIONAL", "is_active": True},
        place=Place.PLATFORM,
        suggests=("create_subscription", "update_subscription"),
    ),
    Tool(
        name="create_subscription",
        title="Subscribe a hospital to a plan",
        description=(
            "Subscribes a hospital to a plan from a date on and gives the subscription with its first "
            "period and price. Use it when the hospital has none and somebody who may decide has chosen "
            "plan, cycle and start. A hospital has one subscription at a time: where one runs the refusal "
            "(already_subscribed) names its subscription_id, and update_subscription changes its plan. A "
            "plan for fewer doctors or staff than the hospital has is refused (plan_too_small). Example: "
            f'{{"hospital_id": "{_HOSPITAL}", "plan_id": "{_PLAN}", "start_date": "2026-12-01", '
            '"billing_cycle": "MONTHLY"}.'
        ),
        group=Group.HEALTHCARE,
        hints=ADD,
        needs=("subscriptions.write",),
        takes=CreateSubscriptionSerializer,
        gives=SubscriptionSerializer,
        run=_create,
        says=_say,
        example={
            "hospital_id": _HOSPITAL,
            "plan_id": _PLAN,
            "start_date": "2026-12-01",
            "billing_cycle": "MONTHLY",
        },
        names_hospital_itself=True,
        suggests=("update_subscription",),
    ),
    Tool(
        name="update_subscription",
        title="Change a subscription",
        description=(
            "Changes a subscription's plan, from now on and at the new plan's price, or whether it renews "
            "by itself; the period stays. Use it to move to a larger or smaller plan; a smaller one is "
            "refused (plan_too_small) while the hospital has more doctors or staff than it allows. With "
            "auto_renew true a cancelling at the end of the period is taken back. To end a subscription "
            f'use cancel_subscription. Example: {{"subscription_id": "{_SUBSCRIPTION}", '
            f'"plan_id": "{_PLAN}"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=CHANGE,
        needs=("subscriptions.write",),
        takes=UpdateSubscriptionSerializer,
        gives=SubscriptionSerializer,
        run=_update,
        says=_say,
        example={"subscription_id": _SUBSCRIPTION, "plan_id": _PLAN},
        place=Place.PLATFORM,
        suggests=("list_subscription_plans",),
    ),
    Tool(
        name="cancel_subscription",
        title="Cancel a subscription",
        description=(
            "Cancels a hospital's subscription: with immediate true it ends now and what was paid for the "
            "rest of the period is lost, which a person has to agree to first (confirm); with immediate "
            "false it runs to the end of the period, and update_subscription with auto_renew true takes "
            "that back. Nothing of the hospital's data is deleted. Not for switching a hospital off: that "
            f'is delete_hospital. Example: {{"subscription_id": "{_SUBSCRIPTION}", "reason": "The clinic '
            'moves to another system", "immediate": false}.'
        ),
        group=Group.HEALTHCARE,
        hints=DESTROY,
        needs=("subscriptions.write",),
        takes=CancelSubscriptionSerializer,
        gives=SubscriptionSerializer,
        run=_cancel,
        says=_say,
        confirm=_question,
        example={
            "subscription_id": _SUBSCRIPTION,
            "reason": "The clinic moves to another system",
            "immediate": False,
        },
        place=Place.PLATFORM,
    ),
)
