"""How the bot fares, of all hospitals together: for metrics. None of it names anybody."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

# How far back answers are counted, and how long a person counts as active.
RECENTLY, ACTIVE = timedelta(minutes=5), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class InboxFigures:
    """`active_users` of the last 24 hours; `waiting` updates of bots at work, since `oldest_seconds`.

    `outcomes` counts the updates of the last 5 minutes by what came of them (``answered``, ``blocked``,
    ``given_up`` while Telegram was away, ``failed``); `seconds` is the time from their coming to their
    answer, within which so many of them (0.5, 0.95) were answered.
    """

    active_users: int
    waiting: int
    oldest_seconds: float
    outcomes: dict[str, int]
    seconds: dict[str, float]


_WAITING = """
SELECT (SELECT count(*) FROM public.telegram_users WHERE last_active > statement_timestamp() - %s::interval),
       count(*), COALESCE(extract(epoch FROM statement_timestamp() - min(u.received_at)), 0)::float8
FROM public.telegram_updates u JOIN public.telegram_bots b ON b.id = u.bot_id AND b.is_active
LEFT JOIN public.tenants_hospital h ON h.id = b.hospital_id
WHERE u.done_at IS NULL AND COALESCE(h.is_active, true)
"""
_ANSWERED = """
SELECT CASE error WHEN '' THEN 'answered' WHEN 'Blocked' THEN 'blocked'
         WHEN 'Wait' THEN 'given_up' WHEN 'Away' THEN 'given_up' ELSE 'failed' END, count(*)
FROM public.telegram_updates WHERE done_at > statement_timestamp() - %s::interval GROUP BY 1
"""
_SECONDS = """
SELECT percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (
  ORDER BY extract(epoch FROM done_at - received_at)::float8)
FROM public.telegram_updates WHERE done_at > statement_timestamp() - %s::interval AND error = ''
"""


def inbox_figures() -> InboxFigures:
    """What waits and what came of the last updates, in three statements. Raises `DatabaseError`."""
    [(active, waiting, oldest)] = _rows(_WAITING, ACTIVE)
    [(quantiles,)] = _rows(_SECONDS, RECENTLY)
    return InboxFigures(
        active_users=active,
        waiting=waiting,
        oldest_seconds=oldest,
        outcomes=dict(_rows(_ANSWERED, RECENTLY)),
        seconds=dict(zip(("0.5", "0.95"), quantiles or (), strict=False)),
    )


def _rows(sql: str, since: timedelta) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [str(since)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
