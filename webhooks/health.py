"""How endpoints have fared in the last day: for the people who own them, not for the dispatcher."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from core import clock
from webhooks.models import Webhook

DAY = timedelta(hours=24)

_ATTEMPTS = """
SELECT webhook_id, count(*), count(*) FILTER (WHERE is_success),
       percentile_disc(0.95) WITHIN GROUP (ORDER BY ms)
FROM public.webhooks_attempt
WHERE webhook_id = ANY(%s) AND started_at > statement_timestamp() - %s::interval GROUP BY webhook_id
"""
_WAITING = """
SELECT webhook_id, count(*) FILTER (WHERE state = 'PENDING'), count(*) FILTER (WHERE state = 'KEPT'),
       min(created_at) FILTER (WHERE state = 'PENDING')
FROM public.webhooks_delivery WHERE webhook_id = ANY(%s) AND state IN ('PENDING', 'KEPT') GROUP BY webhook_id
"""


class Condition(models.TextChoices):
    """An endpoint's health in a word."""

    OFF = "OFF", _("Switched off")
    PAUSED = "PAUSED", _("Paused")
    FAILING = "FAILING", _("Failing")
    SLOW = "SLOW", _("Slow")
    HEALTHY = "HEALTHY", _("Healthy")
    IDLE = "IDLE", _("Idle")


@dataclass(frozen=True, slots=True)
class Health:
    """Attempts of the last 24 hours, how many were successful, and the time within which 95 of 100 ended.

    `waiting` counts the deliveries that are still to be made, since `oldest_waiting`; `kept` those that are
    made when somebody asks to recover them.
    """

    condition: Condition
    attempts: int
    successes: int
    p95_ms: int | None
    waiting: int
    kept: int = 0
    oldest_waiting: datetime | None = None

    @property
    def success_ratio(self) -> float | None:
        """From 0 to 1, in thousandths; None without attempts."""
        return round(self.successes / self.attempts, 3) if self.attempts else None


def health_of(webhooks: Iterable[Webhook]) -> dict[UUID, Health]:
    """The health of each endpoint by its id, in two statements."""
    rows = list(webhooks)
    ids = [row.pk for row in rows]
    lately: list[Any] = [ids, DAY]
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPTS, lately)
        tried = {one[0]: one[1:] for one in cursor.fetchall()}
        cursor.execute(_WAITING, [ids])
        waiting = {one[0]: one[1:] for one in cursor.fetchall()}
    return {
        row.pk: Health(
            _condition(row, tried.get(row.pk, (0,))[0]),
            *tried.get(row.pk, (0, 0, None)),
            *waiting.get(row.pk, (0, 0, None)),
        )
        for row in rows
    }


def _condition(row: Webhook, attempts: int) -> Condition:
    if not row.is_active:
        return Condition.OFF
    if row.open_until is not None and row.open_until > clock.now():
        return Condition.PAUSED
    if row.consecutive_failures:
        return Condition.FAILING
    if not attempts:
        return Condition.IDLE
    return Condition.SLOW if row.is_slow else Condition.HEALTHY
