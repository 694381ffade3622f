"""Working the inbox off: any number of processes take updates, of each chat one at a time and in order."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

# Whoever holds an update says so again well before; after that time they are dead, and others take it.
LEASE = timedelta(seconds=15)

# Any number: nobody else locks by it.
_LOCK = 0x6E61646E
# One round trip: statements of one message are one transaction, and each of them sees what was committed
# before it began. So whoever has the lock sees every lease that was given out: in no chat two at once.
_SETTLE = """
UPDATE public.telegram_updates u
SET done_at = statement_timestamp(), payload = '{}', lease_until = NULL, error = told.error
FROM unnest(%(done)s::bigint[], %(done_attempts)s::int[], %(done_errors)s::text[])
  AS told (id, attempts, error)
WHERE u.id = told.id AND u.attempts = told.attempts AND u.done_at IS NULL;
"""
_HOLD = """
UPDATE public.telegram_updates u
SET lease_until = statement_timestamp() + told.seconds * interval '1 second',
    error = COALESCE(NULLIF(told.error, ''), u.error)
FROM unnest(%(held)s::bigint[], %(held_attempts)s::int[], %(held_seconds)s::float8[], %(held_errors)s::text[])
  AS told (id, attempts, seconds, error)
WHERE u.id = told.id AND u.attempts = told.attempts AND u.done_at IS NULL;
"""
# Of each chat the lowest update that is not done, if nothing of the chat is held; who waits longest comes
# first, so that a chat that floods waits behind everybody else's next.
_CLAIM = """
SELECT pg_advisory_xact_lock(%(lock)s);
WITH heads AS (
  SELECT DISTINCT ON (bot_id, chat_id) id, received_at,
         max(lease_until) OVER (PARTITION BY bot_id, chat_id) AS held_until
  FROM public.telegram_updates WHERE done_at IS NULL AND bot_id = ANY(%(bots)s)
  ORDER BY bot_id, chat_id, update_id
), chosen AS (
  SELECT id FROM heads WHERE held_until IS NULL OR held_until <= statement_timestamp()
  ORDER BY received_at, id LIMIT %(most)s
), locked AS (
  SELECT u.id FROM public.telegram_updates u JOIN chosen ON chosen.id = u.id
  WHERE u.done_at IS NULL AND (u.lease_until IS NULL OR u.lease_until <= statement_timestamp())
  FOR UPDATE OF u SKIP LOCKED
)
UPDATE public.telegram_updates u
SET lease_until = statement_timestamp() + %(lease)s, attempts = u.attempts + 1
FROM locked WHERE u.id = locked.id
RETURNING u.id, u.bot_id, u.update_id, u.payload, u.attempts
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An update that this process works on.

    `attempts` counts this one, and tells this claim from a later one of the same update: who lost it to
    another process changes nothing any more.
    """

    id: int
    bot_id: UUID
    update_id: int
    payload: dict[str, Any]
    attempts: int


@dataclass(slots=True)
class Outcomes:
    """What became of updates since the last time: done with an error's class or "", or held for so long.

    A held one is nobody's when the seconds are over: a pause after a failure, or a lease that goes on.
    """

    done: list[tuple[Claimed, str]] = field(default_factory=list)
    held: list[tuple[Claimed, float, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.done or self.held)


def settle_and_claim(outcomes: Outcomes, *, bots: Sequence[UUID], most: int) -> list[Claimed]:
    """Note what became of updates, then take up to `most` that wait for these bots. One round trip.

    Committed when it returns. Raises `DatabaseError`; then nothing is noted or taken.
    """
    sql, values = _statements(outcomes, bots, most)
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute("".join(sql), values)
        if most <= 0 or not bots:
            return []
        while cursor.nextset():
            pass
        return [_claimed(row) for row in cursor.fetchall()]


def _statements(outcomes: Outcomes, bots: Sequence[UUID], most: int) -> tuple[list[str], dict[str, Any]]:
    done, held = outcomes.done, outcomes.held
    sql: list[str] = []
    if done:
        sql.append(_SETTLE)
    if held:
        sql.append(_HOLD)
    if most > 0 and bots:
        sql.append(_CLAIM)
    return sql, {
        "done": [one.id for one, _ in done],
        "done_attempts": [one.attempts for one, _ in done],
        "done_errors": [error[:60] for _, error in done],
        "held": [one.id for one, _, _ in held],
        "held_attempts": [one.attempts for one, _, _ in held],
        "held_seconds": [seconds for _, seconds, _ in held],
        "held_errors": [error[:60] for _, _, error in held],
        "lock": _LOCK,
        "lease": LEASE,
        "bots": list(bots),
        "most": most,
    }


def _claimed(row: tuple[Any, ...]) -> Claimed:
    number, bot_id, update_id, payload, attempts = row
    told = json.loads(payload) if isinstance(payload, str) else payload
    return Claimed(number, bot_id, update_id, told, attempts)
