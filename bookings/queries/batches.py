"""Batches, as far as the actor may see them, and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from bookings.errors import BatchNotFound
from bookings.models.batch import Batch, BatchItem, Outcome
from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a batch stands: its state, and how many of its items ended in which way."""

    state: str
    total: int
    done: int
    refused: int
    unchanged: int
    waiting: int
    undone: int = 0


def batches_for(actor: Actor) -> QuerySet[Batch]:
    """The actor's own batches; everybody's for whoever may read the history of all."""
    rows = Batch.objects.select_related("user")
    if actor.can("history.read"):
        return rows
    return rows.filter(user_id=actor.user_id) if actor.user_id is not None else rows.none()


def batch_for(actor: Actor, *, batch_id: UUID) -> Batch:
    """One batch. Raises `BatchNotFound`, also for somebody else's."""
    batch = batches_for(actor).filter(pk=batch_id).first()
    if batch is None:
        raise BatchNotFound
    return batch


def progress_of(actor: Actor, batch_id: UUID) -> Progress:
    """How far a batch is: two statements. Raises `BatchNotFound`."""
    batch = batches_for(actor).select_related(None).filter(pk=batch_id).first()
    if batch is None:
        raise BatchNotFound
    counts = counts_of([batch])[batch.pk]
    ended = {outcome.lower(): counts.get(outcome, 0) for outcome in Outcome}
    return Progress(state=batch.state, total=batch.total, **ended)


def counts_of(batches: Sequence[Batch]) -> dict[UUID, dict[str, int]]:
    """Of some batches how many of their items ended in which way: one statement."""
    counted: dict[UUID, dict[str, int]] = {batch.pk: {} for batch in batches}
    items = BatchItem.objects.filter(batch__in=batches).order_by()
    for batch_id, outcome, count in items.values_list("batch", "outcome").annotate(Count("pk")):
        counted[batch_id][outcome] = count
    return counted


def items_of(batch: Batch) -> QuerySet[BatchItem]:
    """The items of a batch in their order."""
    return BatchItem.objects.filter(batch=batch).order_by("number")


def problems_of(batch: Batch) -> QuerySet[BatchItem]:
    """Those that were refused, or that could not be taken back."""
    return items_of(batch).exclude(reason="")
