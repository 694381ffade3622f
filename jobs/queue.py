"""Putting jobs into the queue and taking them out, in plain SQL: it stands in the path of every booking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from jobs.wakeup import wake
from tenants.context import current_schema

# Failed attempts after which a job is given up until somebody starts it anew, and the pauses between them:
# 5 s, doubled each time up to an hour. Together about 13 hours.
MOST_ATTEMPTS = 20
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)

# A job that is there already is due at the sooner of the two times.
_PUT = """
INSERT INTO public.jobs_job (kind, schema_name, subject, due_at)
SELECT %s, %s, subject, COALESCE(%s, now()) FROM unnest(%s::text[]) AS subject
ON CONFLICT (schema_name, kind, subject) DO UPDATE
SET due_at = LEAST(public.jobs_job.due_at, EXCLUDED.due_at)
"""
_CLAIM = """
SELECT id, kind, schema_name, subject, attempts FROM public.jobs_job
WHERE due_at <= statement_timestamp() AND kind = ANY(%s) ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_LEASE = """
UPDATE public.jobs_job SET due_at = now() + %s WHERE id = (
  SELECT id FROM public.jobs_job
  WHERE due_at <= statement_timestamp() AND kind = ANY(%s) ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, kind, schema_name, subject, attempts, due_at
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this process works on; `lease` is when others may take it, None while its row is locked."""

    id: int
    kind: str
    schema_name: str
    subject: str
    attempts: int
    lease: datetime | None = None


def put(kind: str, subject: object = "", *, lane: str, due_at: datetime | None = None) -> None:
    """Queue a job for the schema that this thread is in, due now or at a time; one for each subject.

    Belongs into the transaction of the change that asks for it. `lane` is the lane of the kind's handler.
    """
    put_all(kind, [str(subject)], lane=lane, due_at=due_at)


def put_all(kind: str, subjects: Iterable[str], *, lane: str, due_at: datetime | None = None) -> None:
    """Queue a job for each subject in one statement."""
    _change(_PUT, kind, current_schema(), due_at, list(subjects))
    if due_at is None:
        wake(lane)


def claim(kinds: list[str]) -> Claimed | None:
    """Lock the job that is due longest; belongs into the transaction that does the work."""
    return _taken(_CLAIM, kinds)


def lease(kinds: list[str], lasting: timedelta) -> Claimed | None:
    """Take the job that is due longest for a while: if this process dies, it is due again after that."""
    return _taken(_LEASE, lasting, kinds)


def finish(job: Claimed, *, again_at: datetime | None = None) -> None:
    """Remove a job that is done, or have it again at a time.

    A leased job that was queued anew meanwhile, or taken by another after the lease, stays as it is.
    """
    mine = "id = %s AND (%s::timestamptz IS NULL OR due_at = %s)"
    whose = (job.id, job.lease, job.lease)
    if again_at is None:
        _change(f"DELETE FROM public.jobs_job WHERE {mine}", *whose)  # noqa: S608  -- names of ours alone
    else:
        done = "UPDATE public.jobs_job SET due_at = %s, attempts = 0, last_error = ''"
        _change(f"{done} WHERE {mine}", again_at, *whose)


def fail(job: Claimed, error: str) -> None:
    """Note a failed attempt; the job is due again after a pause, or given up after the last attempt."""
    attempts = job.attempts + 1
    pause = min(FIRST_PAUSE * 2**job.attempts, LONGEST_PAUSE) if attempts < MOST_ATTEMPTS else None
    failed = "UPDATE public.jobs_job SET attempts = %s, last_error = %s, due_at = now() + %s WHERE id = %s"
    _change(failed, attempts, error[:200], pause, job.id)


def postpone(job: Claimed, pause: timedelta) -> None:
    """Leave a job for later without counting an attempt."""
    _change("UPDATE public.jobs_job SET due_at = now() + %s WHERE id = %s", pause, job.id)


def _change(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _taken(sql: str, *params: Any) -> Claimed | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return Claimed(*row) if row else None
