"""Work on many rows at once that somebody asks for: start it, confirm it, stop it, take it back.

It is worked off in the background (`bookings.actions.batch_work`), as whoever asked and with the rights that
they have then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bookings.actions.batch_kinds import batch_kind, read_options, work_of, write_options, write_payload
from bookings.actions.undoing import UNDO_FOR
from bookings.errors import BatchEnded, BatchNotFound, NothingToUndo
from bookings.models.batch import Batch, BatchItem, BatchKind, BatchState, Outcome, StopReason
from bookings.queries.batches import Progress, batches_for, progress_of
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from jobs import queue

__all__ = [
    "Item", "Progress", "batch_kind", "can_be_undone", "confirm_batch", "progress_of", "start_batch",
    "stop_batch", "undo_batch",
]  # fmt: skip

# The kind and the lane of the jobs that work batches off, by their ids.
WORK, LANE = "batch", "bulk"
# More rows than this are no day's work of a front desk.
MOST_ITEMS = 20_000
# A draft that nobody confirms ends after this, and what it holds goes.
DRAFT_FOR = timedelta(days=1)
# The option that names the user who takes a batch back.
UNDOING = "undoing"

ENDED = (BatchState.DONE, BatchState.STOPPED)


@dataclass(frozen=True, slots=True)
class Item:
    """A row to work on: an appointment's id or a line of a file, and its number, else its place from 1."""

    subject_id: UUID | None = None
    payload: Mapping[str, Any] | None = None
    number: int | None = None


@transaction.atomic
def start_batch(
    actor: Actor,
    *,
    kind: BatchKind,
    items: Iterable[Item],
    options: Mapping[str, Any] | None = None,
    title: str = "",
    draft: bool = False,
) -> Batch:
    """Have something done to many rows, soon and in their order; a draft only once it is confirmed.

    `options` are the same for all and are kept sealed, as lines are. Raises `NotAllowed`, `InvalidInput` for
    no item or more than 20,000.
    """
    user_id = work_of(kind).require(actor)
    rows = list(items)
    if not rows:
        raise InvalidInput(items=_("Choose at least one."))
    if len(rows) > MOST_ITEMS:
        raise InvalidInput(items=_("These are too many at once."))
    state = BatchState.DRAFT if draft else BatchState.WAITING
    batch = Batch(kind=kind, state=state, user_id=user_id, title=title[:200], total=len(rows))
    batch.options = write_options(batch.pk, options or {})
    batch.save(force_insert=True)
    numbered = [_row(batch, item, place) for place, item in enumerate(rows, start=1)]
    BatchItem.objects.bulk_create(numbered, batch_size=1000)
    queue.put(WORK, batch.pk, lane=LANE, due_at=clock.now() + DRAFT_FOR if draft else None)
    return batch


def _row(batch: Batch, item: Item, place: int) -> BatchItem:
    number = item.number or place
    payload = write_payload(batch.pk, number, item.payload)
    return BatchItem(batch=batch, number=number, subject_id=item.subject_id, payload=payload)


@transaction.atomic
def confirm_batch(actor: Actor, batch_id: UUID) -> Batch:
    """Have a draft done. Raises `BatchNotFound`, `NotAllowed`, `BatchEnded` if it is none any more."""
    batch = _locked(actor, batch_id)
    work_of(batch.kind).require(actor)
    if batch.state != BatchState.DRAFT:
        raise BatchEnded
    batch.state = BatchState.WAITING
    batch.save(update_fields=["state", "updated_at"])
    queue.put(WORK, batch.pk, lane=LANE)
    return batch


@transaction.atomic
def stop_batch(actor: Actor, batch_id: UUID) -> Batch:
    """Stop a batch: what is done stays done, the rest is left. Raises `BatchNotFound`, `BatchEnded`."""
    batch = _locked(actor, batch_id)
    if batch.state in ENDED:
        raise BatchEnded
    end_batch(batch, stopped=StopReason.ASKED)
    return batch


def end_batch(batch: Batch, *, stopped: StopReason | None = None) -> None:
    """Mark a batch as over, under its lock: done, or stopped and why. Lines left over are forgotten."""
    batch.state = BatchState.STOPPED if stopped else BatchState.DONE
    batch.stop_reason, batch.ended_at = stopped or "", clock.now()
    batch.save(update_fields=["state", "stop_reason", "ended_at", "updated_at"])
    BatchItem.objects.filter(batch=batch).exclude(payload="").update(payload="")


@transaction.atomic
def undo_batch(actor: Actor, batch_id: UUID) -> Batch:
    """Have taken back what a batch did, item by item, as far as each may still be: as the actor.

    Raises `BatchNotFound`, `NotAllowed`, `NothingToUndo`.
    """
    batch = _locked(actor, batch_id)
    user_id = work_of(batch.kind).require(actor)
    if not can_be_undone(batch):
        raise NothingToUndo
    batch.options = write_options(batch.pk, read_options(batch) | {UNDOING: str(user_id)})
    batch.state, batch.stop_reason, batch.ended_at = BatchState.WAITING, "", None
    batch.save(update_fields=["options", "state", "stop_reason", "ended_at", "updated_at"])
    queue.put(WORK, batch.pk, lane=LANE)
    return batch


def can_be_undone(batch: Batch) -> bool:
    """Whether a batch ended not long ago and did something that can be taken back."""
    if batch.ended_at is None or clock.now() - batch.ended_at > UNDO_FOR:
        return False
    return work_of(batch.kind).undo_item is not None and not_undone(batch).exists()


def not_undone(batch: Batch) -> QuerySet[BatchItem]:
    """What a batch did and nobody has tried to take back: after that there is a reason why it stayed."""
    return BatchItem.objects.filter(batch=batch, outcome=Outcome.DONE, reason="")


def _locked(actor: Actor, batch_id: UUID) -> Batch:
    batch = batches_for(actor).select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise BatchNotFound
    return batch


def mark_running(batch_id: UUID) -> None:
    """Say that a batch is being worked on."""
    waiting = Batch.objects.filter(pk=batch_id, state=BatchState.WAITING)
    waiting.update(state=BatchState.RUNNING, updated_at=Now())
