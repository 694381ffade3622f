"""What can happen to plans and subscriptions; recorded in the public schema."""

from enum import StrEnum


class SubscriptionEvent(StrEnum):
    """Types of `events.Event` that this room records."""

    PLAN_CREATED = "plan.created"
    PLAN_CHANGED = "plan.changed"
    CREATED = "subscription.created"
    STARTED = "subscription.started"
    CHANGED = "subscription.changed"
    RENEWED = "subscription.renewed"
    CANCELLED = "subscription.cancelled"
    ENDED = "subscription.ended"
