"""Taking what is due: fair to every endpoint, and never more at once than an endpoint may get."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

# Longer than any attempt lasts (settings.WEBHOOK_SECONDS): after that the process that took it is dead.
LEASE = timedelta(seconds=30)
# Attempts under way at one endpoint: as long as it answers well, and after a failure.
AT_ONCE, AT_ONCE_AFTER_A_FAILURE = 4, 1

# Any number: nobody else locks by it. One claims at a time, so that the numbers above hold exactly.
_LOCK = 0x6E61646D
# `queues` hops through the index from endpoint to endpoint, however much each of them has waiting: a dead
# endpoint with a million deliveries costs what one with a single delivery costs. Of each endpoint come as
# many as it may still get; `turn` gives each its first before any its second, counting those under way.
_CLAIM = """
WITH RECURSIVE queues (webhook_id) AS (
  (SELECT webhook_id FROM public.webhooks_delivery WHERE state = 'PENDING' ORDER BY webhook_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.webhook_id FROM public.webhooks_delivery d
          WHERE d.state = 'PENDING' AND d.webhook_id > queues.webhook_id ORDER BY d.webhook_id LIMIT 1)
  FROM queues WHERE queues.webhook_id IS NOT NULL
), endpoints AS (
  SELECT w.id, w.consecutive_failures > 0 OR w.is_slow AS is_troubled, flying.number AS flying,
         CASE WHEN w.consecutive_failures > 0 THEN %(at_once_after_a_failure)s ELSE %(at_once)s END AS most
  FROM queues
  JOIN public.webhooks w ON w.id = queues.webhook_id AND w.is_active
  JOIN public.tenants_hospital h ON h.id = w.hospital_id AND h.is_active
  CROSS JOIN LATERAL (SELECT count(*) AS number FROM public.webhooks_delivery d
    WHERE d.webhook_id = w.id AND d.lease_until > statement_timestamp()) flying
  WHERE w.open_until IS NULL OR w.open_until <= statement_timestamp()
), candidates AS (
  SELECT due.id, due.next_attempt_at, e.is_troubled,
         e.flying + row_number() OVER (PARTITION BY e.id ORDER BY due.next_attempt_at) AS turn
  FROM endpoints e
  CROSS JOIN LATERAL (SELECT d.id, d.next_attempt_at FROM public.webhooks_delivery d
    WHERE d.webhook_id = e.id AND d.state = 'PENDING' AND d.next_attempt_at <= statement_timestamp()
      AND (d.lease_until IS NULL OR d.lease_until <= statement_timestamp())
    ORDER BY d.next_attempt_at LIMIT GREATEST(e.most - e.flying, 0)) due
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY is_troubled ORDER BY turn, next_attempt_at) AS place
  FROM candidates
), chosen AS (
  SELECT id, is_troubled FROM ranked WHERE NOT is_troubled OR place <= %(troubled)s
  ORDER BY turn, next_attempt_at LIMIT %(most)s
), locked AS (
  SELECT d.id, chosen.is_troubled FROM public.webhooks_delivery d JOIN chosen ON chosen.id = d.id
  WHERE d.state = 'PENDING' FOR UPDATE OF d SKIP LOCKED
)
UPDATE public.webhooks_delivery d SET lease_until = statement_timestamp() + %(lease)s
FROM locked, public.webhooks w WHERE d.id = locked.id AND w.id = d.webhook_id
RETURNING d.id, d.webhook_id, w.url, w.secret,
  CASE WHEN w.previous_secret_until > statement_timestamp() THEN w.previous_secret ELSE '' END,
  d.event_type, d.payload, d.attempts, d.lease_until, statement_timestamp(), locked.is_troubled
"""


@dataclass(frozen=True, slots=True)
class Flight:
    """A delivery that this process sends now, with all that the sending needs: it asks no database.

    `lease_until` tells this flight from a later one of the same delivery; `previous_secret` is empty when it
    has run out. Secrets are sealed.
    """

    delivery_id: UUID
    webhook_id: UUID
    url: str
    secret: str
    previous_secret: str
    event_type: str
    payload: str
    attempts: int
    lease_until: datetime
    started_at: datetime
    is_troubled: bool


def claim(most: int, *, troubled: int) -> list[Flight]:
    """Take up to `most` of what is due, of all hospitals.

    At most `troubled` of them are to endpoints that fail or are slow. Committed when it returns: if this
    process dies, others take them after `LEASE`.
    """
    if most <= 0:
        return []
    numbers: dict[str, Any] = {
        "most": most,
        "troubled": max(troubled, 0),
        "lease": LEASE,
        "at_once": AT_ONCE,
        "at_once_after_a_failure": AT_ONCE_AFTER_A_FAILURE,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_CLAIM, numbers)
        return [Flight(*row) for row in cursor.fetchall()]
