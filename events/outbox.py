"""Recording what happened, in the transaction that makes it happen."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from core.actor import Actor
from events.hints import hint
from events.models import Event
from jobs.wakeup import wake
from tenants.context import current_schema

# The kind and the lane of the job that hands an event to its subscribers (see events/relay.py).
RELAY, LANE = "event", "events"

# A long name must not keep its bearer from doing anything.
LONGEST_LABEL = 100

_TOLD = (
    "type", "subject_type", "subject_id", "door", "actor_role", "actor_user_id", "actor_label",
    "changes", "data",
)  # fmt: skip
# Plain SQL, as every change writes an event: a third of what the ORM's own INSERT costs. The same statement
# queues the job that hands the event on, so that there is never the one without the other.
_WRITE = f"""
WITH written AS (
  INSERT INTO events_event ({", ".join(_TOLD)})
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb) RETURNING id, occurred_at
), queued AS (
  INSERT INTO public.jobs_job (kind, schema_name, subject) SELECT '{RELAY}', current_schema(), id FROM written
  ON CONFLICT (schema_name, kind, subject) DO UPDATE SET due_at = now()
)
SELECT id, occurred_at FROM written
"""  # noqa: S608  -- names of ours alone

# Relayed as it is written, and no part of the feed: it waits for nobody.
_NOTE = f"""
INSERT INTO events_event ({", ".join(_TOLD)}, relayed_at, cluster, xid)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, now(), 0, 0)
"""  # noqa: S608  -- names of ours alone


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
    told = [
        str(event_type), subject_type, str(subject_id), str(actor.door), actor.role, actor.user_id,
        actor.label[:LONGEST_LABEL], changes or {}, data or {},
    ]  # fmt: skip
    written = [
        json.dumps(value, cls=DjangoJSONEncoder) if isinstance(value, dict) else value for value in told
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, written)
        [(number, occurred_at)] = cursor.fetchall()
    wake(LANE)
    hint(current_schema())
    # In the order of the model's fields.
    return Event.from_db(connection.alias, ["id", *_TOLD, "occurred_at"], [number, *told, occurred_at])


def note(
    actor: Actor,
    event_type: str,
    *,
    subject_type: str,
    subject_id: object,
    data: dict[str, Any] | None = None,
) -> None:
    """Write one event that is for the audit trail alone: nobody is told of it, so it waits for nothing.

    For what changed nothing (somebody called, somebody looked). It needs no transaction of its own.
    """
    told = [
        str(event_type), subject_type, str(subject_id), str(actor.door), actor.role, actor.user_id,
        actor.label[:LONGEST_LABEL], "{}", json.dumps(data or {}, cls=DjangoJSONEncoder),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, told)


def history_of(subject_type: str, subject_id: object) -> list[Event]:
    """Everything that happened to one record, oldest first."""
    return list(Event.objects.filter(subject_type=subject_type, subject_id=str(subject_id)).order_by("id"))
