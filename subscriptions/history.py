"""What the history tells of a subscription."""

from typing import Any

from core.actor import Actor
from events.outbox import record
from subscriptions.events import SubscriptionEvent
from subscriptions.models import Subscription

Facts = dict[str, Any]


def facts_of(row: Subscription) -> Facts:
    """Public facts by field; never the reason of cancelling, which a person wrote."""
    return {
        "plan": str(row.plan_id),
        "status": str(row.status),
        "price": f"{row.price:.2f}",
        "auto_renew": row.auto_renew,
        "cancel_at_period_end": row.cancel_at_period_end,
        "current_period_start": row.current_period_start.isoformat(),
        "current_period_end": row.current_period_end.isoformat(),
    }


def changes_since(before: Facts, row: Subscription) -> dict[str, list[Any]]:
    """Each fact that is not what it was, with what it was and is."""
    after = facts_of(row)
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def record_subscription(
    actor: Actor, kind: SubscriptionEvent, row: Subscription, changes: dict[str, list[Any]], **more: Any
) -> None:
    """Write the event; belongs into the transaction of the change, outside of every hospital."""
    ids = {"hospital_id": str(row.hospital.uuid), "plan_code": row.plan.code}
    data = {**ids, **facts_of(row), **more}
    record(actor, kind, subject_type="subscription", subject_id=row.pk, changes=changes, data=data)
