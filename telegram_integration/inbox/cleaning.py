"""Forgetting old updates, answered or not: a standing job of the platform."""

from datetime import datetime, timedelta

from django.db import connection

from core import clock

FORGET, LANE = "telegram.forget", "chores"
EVERY = timedelta(hours=1)
# Telegram repeats an update for a day at most, and numbers them anew after a week without any
# (core.telegram.org/bots/api#update).
KEPT_FOR = timedelta(days=8)
# Rows for each statement, and statements for each time: what is left is taken up the next time.
BATCH, MOST_BATCHES = 1000, 100

_DONE = """
DELETE FROM public.telegram_updates WHERE id IN (
  SELECT id FROM public.telegram_updates WHERE done_at < statement_timestamp() - %s::interval
  ORDER BY done_at LIMIT %s)
"""
# Of a bot that was switched off: an answer would come too late, and they hold what people wrote.
_LEFT = """
DELETE FROM public.telegram_updates WHERE id IN (
  SELECT id FROM public.telegram_updates
  WHERE done_at IS NULL AND received_at < statement_timestamp() - %s::interval LIMIT %s)
"""


def forget_old_updates(_subject: str = "") -> datetime:
    """The job: delete what is older than eight days, and say when to look again."""
    for sql in (_DONE, _LEFT):
        _delete(sql)
    return clock.now() + EVERY


def _delete(sql: str) -> None:
    with connection.cursor() as cursor:
        for _ in range(MOST_BATCHES):
            cursor.execute(sql, [str(KEPT_FOR), BATCH])
            if cursor.rowcount < BATCH:
                break
