"""Trying the lines of a draft: each is done as it would be, in a transaction that is rolled back.

What would be refused is refused in the draft already, what would change nothing is marked so; the rest waits
with what it promises.
"""

import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation

from accounts.caller import actor_of
from accounts.models import User
from bookings.actions.batch_kinds import read_payload, work_of
from bookings.actions.batch_work import FAILED
from bookings.actions.batches import LANE
from bookings.actions.import_lines import refuse_repeated, take_line
from bookings.models.batch import Batch, BatchItem, BatchState, Outcome
from bookings.queries.imports import doctors_pledged, unchecked
from core import clock
from core.actor import Actor, Door
from core.errors import DomainError
from jobs import queue

logger = logging.getLogger(__name__)

# The kind of the jobs that try the lines of long drafts, by the batch's id.
CHECK = "check_import"
LEASE = timedelta(seconds=30)
# Lines that are tried in one transaction, and seconds after which others get their turn.
LINES_AT_ONCE, SECONDS_A_STEP = 50, 5.0


def check_import(actor: Actor, batch_id: UUID, *, seconds: float = SECONDS_A_STEP) -> bool:
    """Try lines of a draft for so many seconds; whether all have been tried. Raises `NotAllowed`."""
    until = time.monotonic() + seconds
    while (batch := Batch.objects.filter(pk=batch_id, state=BatchState.DRAFT).first()) is not None:
        work_of(batch.kind).require(actor)
        items = list(unchecked(batch)[:LINES_AT_ONCE])
        if not items:
            return True
        _try(actor, batch, items)
        if time.monotonic() >= until:
            return not unchecked(batch).exists()
    return True


def check_soon(batch: Batch) -> None:
    """Have the rest of a draft tried in the background."""
    queue.put(CHECK, batch.pk, lane=LANE)


def check_in_background(batch_id: str) -> datetime | None:
    """Try some lines of a draft as whoever made it; return when to go on: a job's handler."""
    batch = Batch.objects.select_related("user").filter(pk=batch_id, state=BatchState.DRAFT).first()
    if batch is None or not isinstance(batch.user, User):
        return None
    actor = actor_of(batch.user, Door.ADMIN)
    if not work_of(batch.kind).may(actor):
        return None
    return None if check_import(actor, batch.pk, seconds=SECONDS_A_STEP) else clock.now()


def _try(actor: Actor, batch: Batch, items: list[BatchItem]) -> None:
    """Try some lines, each upon what those before it did, and note what became of each."""
    pledged = doctors_pledged(batch)
    refused: set[int] = set()
    with transaction.atomic():
        for item in items:
            _judge(actor, batch, item, pledged, refused)
        transaction.set_rollback(True)
    with transaction.atomic():
        # Once it is confirmed, nothing is noted any more: the lines are being imported.
        if Batch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.DRAFT).exists():
            BatchItem.objects.bulk_update(items, ["outcome", "reason", "fields"])


def _judge(actor: Actor, batch: Batch, item: BatchItem, pledged: int, refused: set[int]) -> None:
    payload = read_payload(item)
    try:
        with transaction.atomic():
            refuse_repeated(batch, payload, frozenset(refused))
            outcome, promised = take_line(actor, batch.kind, payload.get("values", {}), pledged=pledged)
    except DomainError as refusal:
        _refuse(item, refusal)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  -- one bad line must not hold up the rest
        # The class alone: a message may quote what the line says.
        logger.error("line %s of batch %s failed: %s", item.number, batch.pk, type(error).__name__)  # noqa: TRY400
        item.outcome, item.reason = Outcome.REFUSED, FAILED
    else:
        item.outcome = Outcome.WAITING if promised else outcome
        item.reason = promised or ""
    if item.outcome == Outcome.REFUSED:
        refused.add(item.number)


def _refuse(item: BatchItem, refusal: DomainError) -> None:
    item.outcome, item.reason = Outcome.REFUSED, refusal.reason[:40]
    # As written in the source: each reader gets it in their language.
    with translation.override(None):
        said = refusal.data.get("fields", {}).items()
        item.fields = {name: [str(text) for text in texts] for name, texts in said}
