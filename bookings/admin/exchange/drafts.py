"""Where the draft of an import is looked at."""

from django.urls import reverse

from bookings.models.batch import Batch, BatchKind, BatchState

_LISTS = {BatchKind.IMPORT_PATIENTS: "patient", BatchKind.IMPORT_PRACTITIONERS: "practitioner"}


def draft_address(batch: Batch) -> str | None:
    """The page of an import that waits to be confirmed; None for any other bulk work."""
    name = _LISTS.get(BatchKind(batch.kind)) if batch.state == BatchState.DRAFT else None
    return reverse(f"admin:bookings_{name}_import_draft", args=[batch.pk]) if name else None
