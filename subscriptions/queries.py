"""Plans and subscriptions, as far as the actor may see them."""

from uuid import UUID

from django.db.models import QuerySet

from core.actor import Actor
from core.pages import USUAL, Page, Place, page_of
from subscriptions.errors import PlanNotFound, SubscriptionNotFound
from subscriptions.models import LIVE, Plan, Subscription
from tenants.context import current_hospital, in_public_schema


def plans_for(actor: Actor) -> QuerySet[Plan]:
    """The plans that the actor may see: those that are offered, or all for whoever manages them."""
    if actor.can("plans.write"):
        return Plan.objects.all()
    if actor.can("plans.read"):
        return Plan.objects.filter(is_active=True)
    return Plan.objects.none()


def plan_for(actor: Actor, *, plan_id: UUID) -> Plan:
    """One plan. Raises `PlanNotFound`."""
    plan = plans_for(actor).filter(pk=plan_id).first()
    if plan is None:
        raise PlanNotFound
    return plan


def find_plans_for(
    actor: Actor,
    *,
    plan_type: str = "",
    is_active: bool | None = None,
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[Plan]:
    """Plans of a type, offered or not, the oldest first, a page at a time."""
    found = plans_for(actor)
    if plan_type:
        found = found.filter(plan_type=plan_type)
    if is_active is not None:
        found = found.filter(is_active=is_active)
    return page_of(found, by="created_at", after=after, limit=limit)


def subscriptions_for(actor: Actor) -> QuerySet[Subscription]:
    """The subscriptions that the actor may see: of the hospital at hand, outside of any those of all."""
    rows = Subscription.objects.select_related("plan", "hospital")
    if not actor.can("subscriptions.read"):
        return rows.none()
    return rows if in_public_schema() else rows.filter(hospital_id=current_hospital().pk)


def subscription_for(actor: Actor, *, subscription_id: UUID) -> Subscription:
    """One subscription. Raises `SubscriptionNotFound`."""
    row = subscriptions_for(actor).filter(pk=subscription_id).first()
    if row is None:
        raise SubscriptionNotFound
    return row


def present_subscription_for(actor: Actor) -> Subscription | None:
    """The subscription of the hospital at hand that runs or is about to, if there is one."""
    hospital = current_hospital()
    return subscriptions_for(actor).filter(hospital=hospital, status__in=LIVE).first()
