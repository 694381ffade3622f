"""What an attempt comes to: the delivery's state, the endpoint's, and a notice when it is switched off."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from core.actor import Actor
from events.outbox import record
from jobs import queue
from tenants.context import inside
from webhooks.backoff import pause_after
from webhooks.claiming import Flight
from webhooks.client import Reply
from webhooks.events import TEST, WebhookEvent
from webhooks.models import Attempt, Webhook, Why
from webhooks.notices import LANE, SWITCHED_OFF
from webhooks.switching import switch_off

# Failures in a row after which an endpoint is left alone but for one try in a while.
BREAKS_AFTER, PROBE_EVERY = 10, timedelta(minutes=5)
# Failures in a row from which on the time is taken; it is switched off when all failed for so long.
SEVERAL, FAILING_FOR = 3, timedelta(days=5)
# An answer that takes longer (seconds) makes an endpoint a slow one, which gets a share of the threads alone.
SLOW = 3.0
EXCERPT_BYTES = 512
_GONE = 410

_DELIVERED = """
UPDATE public.webhooks_delivery SET state = 'DELIVERED', delivered_at = statement_timestamp(),
  attempts = attempts + 1, next_attempt_at = NULL, lease_until = NULL WHERE id = %s
"""
_WELL = """
UPDATE public.webhooks SET consecutive_failures = 0, failing_since = NULL, open_until = NULL, is_slow = %s
WHERE id = %s AND (consecutive_failures > 0 OR open_until IS NOT NULL OR is_slow <> %s)
"""
# Of a delivery that another process has taken since, or that was kept meanwhile, the state stays as it is.
_NOT_DELIVERED = """
UPDATE public.webhooks_delivery SET attempts = attempts + 1, lease_until = NULL,
  state = CASE WHEN state = 'PENDING' AND %(pause)s::interval IS NULL THEN 'FAILED' ELSE state END,
  next_attempt_at = CASE WHEN state = 'PENDING' THEN statement_timestamp() + %(pause)s::interval END
WHERE id = %(delivery)s AND lease_until = %(lease)s AND state <> 'DELIVERED'
"""
_ILL = """
UPDATE public.webhooks SET consecutive_failures = consecutive_failures + 1, is_slow = %(is_slow)s,
  failing_since = CASE WHEN consecutive_failures + 1 >= %(several)s
    THEN COALESCE(failing_since, statement_timestamp()) END,
  open_until = CASE WHEN consecutive_failures + 1 >= %(breaks_after)s
    THEN statement_timestamp() + %(probe_every)s END
WHERE id = %(webhook)s AND removed_at IS NULL
RETURNING is_active AND COALESCE(failing_since <= statement_timestamp() - %(failing_for)s, FALSE)
"""


def is_success(reply: Reply) -> bool:
    """Whether the receiver took the message: 2xx alone. A redirect is not followed and is a failure."""
    return reply.status is not None and 200 <= reply.status < 300  # noqa: PLR2004  -- HTTP


def note_reply(flight: Flight, reply: Reply) -> None:
    """Write down what became of an attempt, in one short transaction, by the database's clock."""
    with transaction.atomic():
        # The endpoint's row before the delivery's, as everywhere: so nobody waits in a circle.
        if is_success(reply):
            is_slow = reply.seconds > SLOW
            _execute(_WELL, is_slow, flight.webhook_id, is_slow)
            if _execute(_DELIVERED, flight.delivery_id):
                _note_attempt(flight, reply)
        else:
            _note_failure(flight, reply)


def _note_failure(flight: Flight, reply: Reply) -> None:
    # A test tells somebody who looks on; repeating it for days would tell nobody.
    is_last = flight.event_type == TEST
    pause = None if is_last else pause_after(flight.attempts + 1, asked=reply.retry_after)
    told: dict[str, Any] = {
        "webhook": flight.webhook_id,
        "is_slow": reply.seconds > SLOW,
        "several": SEVERAL,
        "breaks_after": BREAKS_AFTER,
        "probe_every": PROBE_EVERY,
        "failing_for": FAILING_FOR,
        "delivery": flight.delivery_id,
        "lease": flight.lease_until,
        "pause": pause,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ILL, told)
        row = cursor.fetchone()
        if row is None:
            # It was removed while we asked.
            return
        cursor.execute(_NOT_DELIVERED, told)
    _note_attempt(flight, reply)
    if reply.status == _GONE:
        _switch_off(flight, Why.GONE)
    elif row[0]:
        _switch_off(flight, Why.FAILING)


def _note_attempt(flight: Flight, reply: Reply) -> None:
    Attempt.objects.create(
        delivery_id=flight.delivery_id,
        webhook_id=flight.webhook_id,
        started_at=flight.started_at,
        ms=round(reply.seconds * 1000),
        status=reply.status,
        error=reply.error[:40],
        excerpt=_storable(reply.excerpt),
        is_success=is_success(reply),
    )


def _storable(excerpt: str) -> str:
    """At most 512 bytes of text that PostgreSQL takes: a receiver may answer anything."""
    cut = excerpt.replace("\x00", "").encode(errors="replace")[:EXCERPT_BYTES]
    return cut.decode(errors="ignore")


def _switch_off(flight: Flight, why: Why) -> None:
    rows = Webhook.objects.select_related("hospital").select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=flight.webhook_id)
    if not row.is_active:
        return
    with inside(row.hospital):
        switch_off(row, why)
        record(
            Actor.system("webhooks"),
            WebhookEvent.DISABLED,
            subject_type="webhook",
            subject_id=row.pk,
            data={"why": why},
        )
        queue.put(SWITCHED_OFF, row.pk, lane=LANE)


def _execute(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        changed: int = cursor.rowcount
    return changed
