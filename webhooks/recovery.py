"""Queueing again what was not delivered: a job that goes through a hospital's events, some at a time."""

from datetime import datetime

from django.db import connection

from core import clock
from events.models import Event
from jobs.handlers import handle
from tenants.context import current_hospital
from webhooks.events import EVERYTHING, PUBLIC_EVENTS, payload_of
from webhooks.models import Webhook
from webhooks.waking import wake_dispatcher

# The job's kind and lane; its subject is the webhook's id.
RECOVER = LANE = "webhooks.recover"
# Events for each transaction.
BATCH = 500

# One that waits or was delivered stays as it is.
_QUEUE = """
INSERT INTO public.webhooks_delivery (id, webhook_id, event_id, event_at, event_type, payload)
SELECT gen_random_uuid(), %s, event_id, event_at, event_type, payload
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[])
  AS happened (event_id, event_at, event_type, payload)
ON CONFLICT (webhook_id, event_id, event_at) DO UPDATE
SET state = 'PENDING', attempts = 0, next_attempt_at = statement_timestamp()
WHERE webhooks_delivery.state IN ('KEPT', 'FAILED')
"""


def recover_some(webhook_id: str) -> datetime | None:
    """Queue some of what a webhook missed; return when to go on, or None at the end."""
    rows = Webhook.objects.select_for_update(no_key=True)
    row = rows.filter(pk=webhook_id, is_active=True, recovering_since__isnull=False).first()
    if row is None:
        return None
    events = _missed(row)
    row.recovered += _queue(row, events)
    is_done = len(events) < BATCH
    row.recovering_after = None if is_done else events[-1].pk
    row.recovering_since = None if is_done else row.recovering_since
    row.save(update_fields=["recovering_since", "recovering_after", "recovered"])
    wake_dispatcher()
    return None if is_done else clock.now()


def handle_recovering() -> None:
    """Register the job."""
    handle(RECOVER, recover_some, lane=LANE)


def _missed(row: Webhook) -> list[Event]:
    wanted = PUBLIC_EVENTS if EVERYTHING in row.events else row.events
    since = Event.objects.filter(occurred_at__gte=row.recovering_since).order_by("pk")
    if row.recovering_after is not None:
        since = since.filter(pk__gt=row.recovering_after)
    return list(since.filter(type__in=wanted)[:BATCH])


def _queue(row: Webhook, events: list[Event]) -> int:
    hospital = current_hospital()
    columns = (
        [event.pk for event in events],
        [event.occurred_at for event in events],
        [event.type for event in events],
        [payload_of(event, hospital) for event in events],
    )
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [row.pk, *columns])
        queued: int = cursor.rowcount
    return queued
