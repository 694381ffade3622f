"""Subscribing, changing plans, cancelling."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record
from subscriptions.errors import (
    AlreadySubscribed,
    CancelledAlready,
    PlanNotFound,
    PlanNotOffered,
    PlanTooSmall,
    SubscriptionOver,
)
from subscriptions.events import SubscriptionEvent
from subscriptions.history import changes_since, facts_of, record_subscription
from subscriptions.limits import lock_room, usage_of
from subscriptions.models import LIVE, BillingCycle, Plan, Subscription, SubscriptionStatus
from subscriptions.periods import period_at
from subscriptions.queries import plan_for, plans_for, subscription_for
from tenants.context import current_hospital, in_public_schema, outside
from tenants.errors import HospitalNotFound
from tenants.models import Hospital

# A contract that was made elsewhere is entered later; one is agreed on ahead of its start.
FURTHEST_START = timedelta(days=366)


def create_plan(actor: Actor, **fields: Any) -> Plan:
    """Offer a plan; `fields` are those of `Plan`. Raises `InvalidInput`."""
    actor.require("plans.write")
    with outside(), transaction.atomic():
        return _saved_plan(actor, Plan(**fields), SubscriptionEvent.PLAN_CREATED, sorted(fields))


def change_plan(actor: Actor, *, plan_id: UUID, **fields: Any) -> Plan:
    """Change some fields of a plan; prices count from each subscription's next period on.

    A hospital that has more than new limits allow keeps what it has. Raises `PlanNotFound`, `InvalidInput`.
    """
    actor.require("plans.write")
    with outside(), transaction.atomic():
        plan = plans_for(actor).select_for_update().filter(pk=plan_id).first()
        if plan is None:
            raise PlanNotFound
        changed = sorted(name for name, value in fields.items() if getattr(plan, name) != value)
        for name in changed:
            setattr(plan, name, fields[name])
        return _saved_plan(actor, plan, SubscriptionEvent.PLAN_CHANGED, changed) if changed else plan


def _saved_plan(actor: Actor, plan: Plan, kind: SubscriptionEvent, fields: list[str]) -> Plan:
    try:
        plan.full_clean()
    except ValidationError as error:
        raise InvalidInput(**{name: texts[0] for name, texts in error.message_dict.items()}) from error
    plan.save()
    data = {"code": plan.code, "fields": fields}
    record(actor, kind, subject_type="plan", subject_id=plan.pk, data=data)
    return plan


def create_subscription(
    actor: Actor,
    *,
    hospital: Hospital,
    plan_id: UUID,
    billing_cycle: str,
    start_date: date | None = None,
    auto_renew: bool = True,
) -> Subscription:
    """Subscribe a hospital to a plan from a date on its clocks (today), which may lie ahead.

    Raises `PlanNotFound`, `PlanNotOffered`, `AlreadySubscribed`, `PlanTooSmall`, and `InvalidInput` for a
    start more than a year away; `HospitalNotFound` for another hospital than the one at hand.
    """
    actor.require("subscriptions.write")
    _check_reach(hospital)
    plan = plan_for(actor, plan_id=plan_id)
    if not plan.is_active:
        raise PlanNotOffered
    today = clock.today_in(hospital.timezone)
    start = start_date or today
    if abs(start - today) > FURTHEST_START:
        raise InvalidInput(start_date=_("Give a start that is at most a year away."))
    row = _begun(hospital, plan, BillingCycle(billing_cycle), start, today)
    row.auto_renew = auto_renew
    with outside(), transaction.atomic():
        lock_room(hospital)
        _require_none_lives(hospital)
        _require_fits(hospital, plan)
        row.save(force_insert=True)
        record_subscription(actor, SubscriptionEvent.CREATED, row, {"status": [None, row.status]})
    return row


def _check_reach(hospital: Hospital) -> None:
    """Inside of a hospital there is no other."""
    if not in_public_schema() and current_hospital().pk != hospital.pk:
        raise HospitalNotFound


def _begun(hospital: Hospital, plan: Plan, cycle: BillingCycle, start: date, today: date) -> Subscription:
    status = SubscriptionStatus.UPCOMING if start > today else SubscriptionStatus.ACTIVE
    row = Subscription(
        hospital=hospital, plan=plan, billing_cycle=cycle.value, start_date=start, status=status.value
    )
    row.period = period_at(start, cycle.months, today)
    row.price = plan.price_for(cycle)
    return row


def _require_none_lives(hospital: Hospital) -> None:
    living = Subscription.objects.filter(hospital=hospital, status__in=LIVE).values_list("pk", flat=True)
    if (which := living.first()) is not None:
        raise AlreadySubscribed(which)


def _require_fits(hospital: Hospital, plan: Plan) -> None:
    """Raise `PlanTooSmall` where the hospital has more than a plan allows."""
    used = usage_of(hospital)
    exceeded = {
        what: {"have": used[what], "limit": limit}
        for what, limit in plan.limits.items()
        if limit is not None and used.get(what, 0) > limit
    }
    if exceeded:
        raise PlanTooSmall(exceeded)


def update_subscription(
    actor: Actor, *, subscription_id: UUID, plan_id: UUID | None = None, auto_renew: bool | None = None
) -> Subscription:
    """Change the plan of a subscription, at once, or whether it renews by itself.

    To renew by itself takes back a cancelling at the end of the period. The period stays, its price becomes
    the new plan's. Raises `SubscriptionNotFound`, `SubscriptionOver`, `PlanNotFound`, `PlanNotOffered`,
    `PlanTooSmall`.
    """
    actor.require("subscriptions.write")
    plan = plan_for(actor, plan_id=plan_id) if plan_id is not None else None
    seen = subscription_for(actor, subscription_id=subscription_id)
    with outside(), transaction.atomic():
        row = _locked(seen)
        before = facts_of(row)
        if plan is not None and plan.pk != row.plan_id:
            _change_plan(row, plan)
        if auto_renew is not None:
            row.auto_renew = auto_renew
            if auto_renew:
                _take_cancelling_back(row)
        if changes := changes_since(before, row):
            row.save()
            record_subscription(actor, SubscriptionEvent.CHANGED, row, changes)
    return row


def _change_plan(row: Subscription, plan: Plan) -> None:
    if not plan.is_active:
        raise PlanNotOffered
    _require_fits(row.hospital, plan)
    row.plan, row.price = plan, plan.price_for(row.billing_cycle)


def _take_cancelling_back(row: Subscription) -> None:
    row.cancel_at_period_end, row.cancelled_at, row.cancel_reason = False, None, ""


def cancel_subscription(actor: Actor, *, subscription_id: UUID, reason: str, immediate: bool) -> Subscription:
    """Cancel a subscription: `immediate` ends it now, else it runs to the end of its period.

    One that has not begun ends now either way. Raises `SubscriptionNotFound`, `SubscriptionOver`,
    `CancelledAlready` for one that is to end with its period and shall not end sooner.
    """
    actor.require("subscriptions.write")
    seen = subscription_for(actor, subscription_id=subscription_id)
    with outside(), transaction.atomic():
        row = _locked(seen)
        before, now = facts_of(row), clock.now()
        if immediate or row.status == SubscriptionStatus.UPCOMING:
            row.status, row.ended_at = SubscriptionStatus.CANCELLED.value, now
            row.cancel_at_period_end = False
        elif row.cancel_at_period_end:
            raise CancelledAlready(row.current_period_end)
        else:
            row.cancel_at_period_end = True
        row.cancelled_at, row.cancel_reason = now, reason
        row.save()
        changes = changes_since(before, row)
        record_subscription(actor, SubscriptionEvent.CANCELLED, row, changes, has_reason=bool(reason))
    return row


def _locked(seen: Subscription) -> Subscription:
    """The subscription as it is now, locked with the room of its hospital: nobody adds to it meanwhile."""
    lock_room(seen.hospital)
    rows = Subscription.objects.select_related("plan", "hospital").select_for_update(of=("self",))
    row = rows.get(pk=seen.pk)
    if not row.is_live:
        raise SubscriptionOver(row.status)
    return row
