"""Import of a file: a draft whose lines are tried first, and done once somebody has said that it is meant."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.actions.batches import LANE, Item, batch_kind, confirm_batch, start_batch
from bookings.actions.import_checks import CHECK, LEASE, check_in_background
from bookings.actions.import_lines import payload_of, run_line
from bookings.errors import BatchNotFound
from bookings.exchange.columns import PATIENT_COLUMNS, PRACTITIONER_COLUMNS, Column
from bookings.exchange.reading import Table
from bookings.models.batch import Batch, BatchKind, BatchState
from bookings.queries.batches import batches_for
from bookings.queries.imports import preview_of
from core.actor import Actor
from core.errors import DomainError, Kind
from jobs.handlers import handle

# What a file of each kind may hold.
COLUMNS: Mapping[BatchKind, Sequence[Column]] = {
    BatchKind.IMPORT_PATIENTS: PATIENT_COLUMNS,
    BatchKind.IMPORT_PRACTITIONERS: PRACTITIONER_COLUMNS,
}


class StillChecking(DomainError):
    """Some lines of the draft have not been tried yet."""

    kind = Kind.CONFLICT
    reason = "still_checking"
    text = _("Not all lines have been checked yet.")


class NothingToImport(DomainError):
    """Every line of the draft is refused, or would change nothing."""

    kind = Kind.CONFLICT
    reason = "nothing_to_import"
    text = _("There is nothing to import in this file.")


def register_imports() -> None:
    """Make both kinds known; called from `AppConfig.ready`."""
    batch_kind(BatchKind.IMPORT_PATIENTS, "patients.write", run_line)
    batch_kind(BatchKind.IMPORT_PRACTITIONERS, "practitioners.write", run_line)
    handle(CHECK, check_in_background, lane=LANE, lease=LEASE)


def start_import(actor: Actor, *, kind: BatchKind, table: Table, title: str = "") -> Batch:
    """Keep the lines of a file as a draft, to be tried by `check_import`; `title` is the file's name.

    Raises `NotAllowed`.
    """
    seen: dict[str, int] = {}
    items = (Item(number=line.number, payload=payload_of(kind, line, seen)) for line in table.lines)
    return start_batch(
        actor, kind=kind, items=items, options={"unknown": table.unknown}, title=title, draft=True
    )


def confirm_import(actor: Actor, batch_id: UUID) -> Batch:
    """Have the good lines of a draft imported, once all lines have been tried.

    Raises `BatchNotFound`, `StillChecking`, `NothingToImport`, `NotAllowed`, `BatchEnded`.
    """
    batch = batches_for(actor).filter(pk=batch_id, kind__in=COLUMNS).first()
    if batch is None:
        raise BatchNotFound
    if batch.state == BatchState.DRAFT:
        preview = preview_of(batch)
        if not preview.is_checked:
            raise StillChecking
        if not preview.good:
            raise NothingToImport
    return confirm_batch(actor, batch_id)
