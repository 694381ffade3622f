"""Recording what happened, in the transaction that makes it happen."""

from typing import Any

from django.db import connection

from core.actor import Actor
from events.models import Event

# A long name must not keep its bearer from doing anything.
LONGEST_LABEL = 100


def record(
    actor: Actor,
    event_type: str,
    *,
    subject_type: str,
    subject_id: object,
    changes: dict[str, list[Any]] | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Write one event and return it.

    `event_type` is dotted (``booking.created``). `changes` maps a field to ``[from, to]``. Raises
    `RuntimeError` outside of a transaction: an event that could outlive its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An event belongs to the transaction of the change that it tells of.")
    event = Event(
        type=event_type,
        subject_type=subject_type,
        subject_id=str(subject_id),
        door=actor.door,
        actor_role=actor.role,
        actor_user_id=actor.user_id,
        actor_label=actor.label[:LONGEST_LABEL],
        changes=changes or {},
        data=data or {},
    )
    event.save(force_insert=True)
    return event


def history_of(subject_type: str, subject_id: object) -> list[Event]:
    """Everything that happened to one record, oldest first."""
    return list(Event.objects.filter(subject_type=subject_type, subject_id=str(subject_id)).order_by("id"))
