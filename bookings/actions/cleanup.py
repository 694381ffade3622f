"""Removing what nobody needs any more, some rows at a time, in each hospital and in the public schema."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from accounts.lockout import forget_old_attempts
from accounts.tokens import forget_dead_tokens
from bookings.actions.holds import expire_holds
from bookings.actions.notices import queue_sending
from bookings.models import Batch, BatchItem, Notice, NoticeStatus
from core import clock
from core.actor import Actor
from events.idempotency import KEPT_FOR
from events.models import IdempotencyKey
from tenants.context import in_public_schema

CLEAN_UP = "clean_up"

# Rows of each table at a time: one transaction stays short.
BATCH = 2000
EVERY = timedelta(days=1)
# How long the notice log goes back.
NOTICES_KEPT_FOR = timedelta(days=365)
# Longer than a notice ever waits between two tries.
LEFT_BEHIND = timedelta(hours=1)

_system = Actor.system("clean_up", "appointments.hold")


def clean_up(subject: str) -> datetime:  # noqa: ARG001  -- a job's signature
    """Remove some of what is old in the schema at hand; return when to come again: at once for the rest."""
    sweeps = _EVERYWHERE if in_public_schema() else (*_EVERYWHERE, *_IN_HOSPITALS)
    removed = [sweep() for sweep in sweeps]
    now = clock.now()
    return now if max(removed) >= BATCH else now + EVERY


def _forget_answers() -> int:
    return _delete(IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT_FOR))


def _forget_sessions() -> int:
    return _delete(Session.objects.filter(expire_date__lt=clock.now()))


def _forget_notices() -> int:
    return _delete(Notice.objects.filter(created_at__lt=clock.now() - NOTICES_KEPT_FOR))


def _find_notices() -> int:
    """Queue those that wait without a job, as after a schema was put back out of a backup."""
    waiting = Notice.objects.filter(status=NoticeStatus.PENDING, updated_at__lt=clock.now() - LEFT_BEHIND)
    queue_sending(str(pk) for pk in waiting.values_list("pk", flat=True)[:BATCH])
    return 0


def _expire_holds() -> int:
    """Those that no job was queued for."""
    return expire_holds(_system, limit=BATCH)


def _forget_batch_items() -> int:
    """Those of bulk work that is long over. They go before it: it may have very many."""
    return _delete(BatchItem.objects.filter(batch__ended_at__lt=_batches_kept_since()))


def _forget_batches() -> int:
    old = Batch.objects.filter(ended_at__lt=_batches_kept_since())
    return _delete(old.exclude(Exists(BatchItem.objects.filter(batch=OuterRef("pk")))))


def _batches_kept_since() -> datetime:
    return clock.now() - timedelta(days=settings.BATCHES_KEPT_DAYS)


def _delete(rows: QuerySet[Any]) -> int:
    some = rows.order_by().values("pk")[:BATCH]
    removed, _ = rows.model._default_manager.filter(pk__in=some).delete()  # noqa: SLF001  -- Django's documented API
    return int(removed)


_EVERYWHERE: tuple[Callable[[], int], ...] = (
    _forget_answers,
    _forget_sessions,
    forget_dead_tokens,
    forget_old_attempts,
)
_IN_HOSPITALS: tuple[Callable[[], int], ...] = (
    _forget_notices,
    _find_notices,
    _expire_holds,
    _forget_batch_items,
    _forget_batches,
)
