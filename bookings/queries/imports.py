"""What the draft of an import would do, as far as its lines have been tried."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, QuerySet

from bookings.models.batch import Batch, BatchItem, Outcome


class Promised(StrEnum):
    """What a line of a draft would do: kept as the reason of an item that waits."""

    ADD = "would_add"
    ADD_DOCTOR = "would_add_doctor"
    COMPLETE = "would_complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a draft would do, in numbers of lines."""

    total: int
    checked: int
    added: int
    completed: int
    unchanged: int
    refused: int

    @property
    def good(self) -> int:
        """How many lines would be imported."""
        return self.added + self.completed

    @property
    def is_checked(self) -> bool:
        """Whether all lines have been tried."""
        return self.checked >= self.total


def preview_of(batch: Batch) -> Preview:
    """What a draft would do: one statement."""
    items = BatchItem.objects.filter(batch=batch).order_by()
    counts: dict[str, int] = {}
    for outcome, reason, count in items.values_list("outcome", "reason").annotate(Count("id")):
        word = reason if outcome == Outcome.WAITING else outcome
        counts[word] = counts.get(word, 0) + count
    return Preview(
        total=batch.total,
        checked=batch.total - counts.get("", 0),
        added=counts.get(Promised.ADD, 0) + counts.get(Promised.ADD_DOCTOR, 0),
        completed=counts.get(Promised.COMPLETE, 0),
        unchanged=counts.get(Outcome.UNCHANGED, 0),
        refused=counts.get(Outcome.REFUSED, 0),
    )


def unchecked(batch: Batch) -> QuerySet[BatchItem]:
    """The lines of a draft that have not been tried, in their order."""
    return BatchItem.objects.filter(batch=batch, outcome=Outcome.WAITING, reason="").order_by("number")


def refused_lines(batch: Batch) -> QuerySet[BatchItem]:
    """The lines that are not imported, in their order."""
    return BatchItem.objects.filter(batch=batch, outcome=Outcome.REFUSED).order_by("number")


def doctors_pledged(batch: Batch) -> int:
    """How many doctors the lines that have been tried would add."""
    return BatchItem.objects.filter(batch=batch, outcome=Outcome.WAITING, reason=Promised.ADD_DOCTOR).count()
