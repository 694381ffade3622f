"""What waits in the queue of all hospitals, and what came of the last attempts: for metrics."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection

# How far back outcomes are counted.
RECENTLY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Counts over all hospitals; none of them names one.

    `due` deliveries could be sent now, the first of them since `oldest_due_seconds` (0 without any);
    `pending` also counts those that wait for their time, their breaker or their hospital. `switched_off` and
    `held_back` (by the breaker) count endpoints. `attempts` are those of the last 5 minutes by outcome: a
    class of statuses (``2xx``) or the word of a fault (``timeout``).
    """

    pending: int
    due: int
    oldest_due_seconds: float
    switched_off: int
    held_back: int
    attempts: dict[str, int] = field(default_factory=dict)


_DUE = """
SELECT count(*), count(*) FILTER (WHERE is_due),
       COALESCE(max(extract(epoch FROM age)) FILTER (WHERE is_due), 0)::float8
FROM (
  SELECT statement_timestamp() - d.next_attempt_at AS age,
         d.next_attempt_at <= statement_timestamp() AND h.is_active
           AND (w.open_until IS NULL OR w.open_until <= statement_timestamp()) AS is_due
  FROM public.webhooks_delivery d JOIN public.webhooks w ON w.id = d.webhook_id
  JOIN public.tenants_hospital h ON h.id = w.hospital_id WHERE d.state = 'PENDING'
) waiting
"""
_ENDPOINTS = """
SELECT count(*) FILTER (WHERE NOT is_active),
       count(*) FILTER (WHERE is_active AND open_until > statement_timestamp())
FROM public.webhooks WHERE removed_at IS NULL
"""
_OUTCOMES = """
SELECT COALESCE(status / 100 || 'xx', error), count(*)
FROM public.webhooks_attempt WHERE started_at > statement_timestamp() - %s::interval GROUP BY 1
"""


def queue_figures() -> QueueFigures:
    """What waits and what came of the last attempts, in three statements."""
    [(pending, due, oldest)], [(switched_off, held_back)] = _rows(_DUE), _rows(_ENDPOINTS)
    return QueueFigures(
        pending=pending,
        due=due,
        oldest_due_seconds=oldest,
        switched_off=switched_off,
        held_back=held_back,
        attempts=dict(_rows(_OUTCOMES, str(RECENTLY))),
    )


def _rows(sql: str, *params: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
