"""Forgetting what was delivered long ago, and what endpoints that were removed leave behind."""

from datetime import timedelta
from typing import Any

from django.db import connection

from webhooks.models import Webhook

KEPT_FOR = timedelta(days=30)
# Rows for each statement, which is a transaction of its own.
BATCH = 1000

_OLD_ATTEMPTS = """
DELETE FROM public.webhooks_attempt WHERE id IN (
  SELECT id FROM public.webhooks_attempt WHERE started_at < now() - %s ORDER BY started_at LIMIT %s)
"""
# Not one that still waits, nor one that was sent again of late: its attempts are worth reading.
_OLD_DELIVERIES = """
DELETE FROM public.webhooks_delivery WHERE id IN (
  SELECT d.id FROM public.webhooks_delivery d
  WHERE d.created_at < now() - %s AND d.state <> 'PENDING'
    AND NOT EXISTS (SELECT FROM public.webhooks_attempt a WHERE a.delivery_id = d.id)
  ORDER BY d.created_at LIMIT %s)
"""
_ATTEMPTS_OF_REMOVED = """
DELETE FROM public.webhooks_attempt WHERE id IN (
  SELECT id FROM public.webhooks_attempt WHERE webhook_id = ANY(%s) LIMIT %s)
"""
_DELIVERIES_OF_REMOVED = """
DELETE FROM public.webhooks_delivery WHERE id IN (
  SELECT id FROM public.webhooks_delivery WHERE webhook_id = ANY(%s) LIMIT %s)
"""
_REMOVED = (
    "DELETE FROM public.webhooks WHERE id IN (SELECT id FROM public.webhooks WHERE id = ANY(%s) LIMIT %s)"
)


def forget_old_deliveries() -> int:
    """Delete attempts and finished deliveries older than 30 days, and endpoints that were removed.

    Of all hospitals, some at a time, so that nobody waits for it. Stopped half-way, it goes on the next
    time. Returns how many rows went.
    """
    removed = list(Webhook.objects.filter(removed_at__isnull=False).values_list("pk", flat=True))
    old = [(_OLD_ATTEMPTS, KEPT_FOR), (_OLD_DELIVERIES, KEPT_FOR)]
    gone = [(sql, removed) for sql in (_ATTEMPTS_OF_REMOVED, _DELIVERIES_OF_REMOVED, _REMOVED)]
    return sum(_in_batches(sql, which) for sql, which in (*old, *gone))


def _in_batches(sql: str, which: Any) -> int:
    count = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(sql, [which, BATCH])
            gone: int = cursor.rowcount
            count += gone
            if gone < BATCH:
                return count
