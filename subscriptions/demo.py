"""Three plans, and a subscription for each hospital of the demonstration."""

from decimal import Decimal
from typing import Any

from core import clock
from core.actor import Actor
from subscriptions.actions import create_plan, create_subscription
from subscriptions.models import LIVE, BillingCycle, Plan, PlanType, Subscription
from subscriptions.periods import add_months
from tenants.context import outside
from tenants.models import Hospital

_SYSTEM = Actor.system("load_demo", "plans.read", "plans.write", "subscriptions.read", "subscriptions.write")

PLANS: tuple[dict[str, Any], ...] = (
    {
        "code": "basic",
        "name_th": "พื้นฐาน",
        "name_en": "Basic",
        "plan_type": PlanType.BASIC.value,
        "price_monthly": Decimal("1990.00"),
        "price_quarterly": Decimal("5670.00"),
        "price_annual": Decimal("21490.00"),
        "max_doctors": 5,
        "max_staff": 15,
        "features": ["Booking by web, API and assistant", "Reminders by e-mail"],
    },
    {
        "code": "professional",
        "name_th": "มืออาชีพ",
        "name_en": "Professional",
        "plan_type": PlanType.PROFESSIONAL.value,
        "price_monthly": Decimal("5990.00"),
        "price_quarterly": Decimal("17070.00"),
        "price_annual": Decimal("64690.00"),
        "max_doctors": 30,
        "max_staff": 100,
        "features": ["Everything of Basic", "Waiting list", "Webhooks", "Medical records"],
    },
    {
        "code": "enterprise",
        "name_th": "องค์กร",
        "name_en": "Enterprise",
        "plan_type": PlanType.ENTERPRISE.value,
        "price_monthly": Decimal("19900.00"),
        "price_quarterly": Decimal("56700.00"),
        "price_annual": Decimal("214900.00"),
        "max_doctors": None,
        "max_staff": None,
        "features": [
            "Everything of Professional",
            "Figures for several hospitals",
            "Support around the clock",
        ],
    },
)
# Hospital → plan and cycle; any other has the middle plan, by the month.
_CHOSEN = {"humnoi": ("enterprise", BillingCycle.ANNUAL)}
_USUAL = ("professional", BillingCycle.MONTHLY)


def subscribe_demo(hospital: Hospital) -> Subscription:
    """Give a hospital a subscription that began some months ago, unless one lives; the plans if need be."""
    with outside():
        plans = {plan["code"]: _ensure_plan(plan) for plan in PLANS}
        living = Subscription.objects.filter(hospital=hospital, status__in=LIVE).first()
        if living is not None:
            return living
        code, cycle = _CHOSEN.get(hospital.subdomain, _USUAL)
        began = add_months(clock.today_in(hospital.timezone), -4)
        return create_subscription(
            _SYSTEM,
            hospital=hospital,
            plan_id=plans[code].pk,
            billing_cycle=cycle.value,
            start_date=began,
        )


def _ensure_plan(fields: dict[str, Any]) -> Plan:
    """The plan of that code as it is, or a new one."""
    return Plan.objects.filter(code=fields["code"]).first() or create_plan(_SYSTEM, **fields)
