"""The front desk's bulk work on appointments: cancel, move, ask to choose another time. Each is a batch."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.actions.appointments import cancel_appointment
from bookings.actions.asking import ask_to_choose
from bookings.actions.batch_kinds import Turn
from bookings.actions.batches import Item, batch_kind, start_batch
from bookings.actions.bulk_moving import move_back, move_to_wish, place_of, wish_in
from bookings.actions.undoing import undo_step
from bookings.errors import AppointmentNotFound
from bookings.models import Appointment
from bookings.models.appointment import LONGEST_REASON
from bookings.models.batch import Batch, BatchItem, BatchKind, Outcome
from bookings.queries.appointments import appointments_for
from bookings.rules.statuses import Status
from core.actor import Actor
from core.errors import InvalidInput

# More are not chosen by hand or by a filter of the list.
MOST_CHOSEN = 5_000


def register_bulk_work() -> None:
    """Make the kinds of batches known; called from `AppConfig.ready`."""
    batch_kind(BatchKind.CANCEL, "appointments.cancel", _cancel, undo_item=_undo_cancelling)
    batch_kind(BatchKind.MOVE, "appointments.move", _move, undo_item=_move_back)
    batch_kind(BatchKind.TELL, "notices.send", _tell)


def start_cancelling(actor: Actor, *, ids: Iterable[UUID], reason: str) -> Batch:
    """Cancel appointments by their ids, with one reason. Raises `NotAllowed`, `InvalidInput`."""
    options = {"reason": _short(reason)}
    return start_batch(actor, kind=BatchKind.CANCEL, items=_chosen(ids), options=options)


def start_moving(
    actor: Actor,
    *,
    ids: Iterable[UUID],
    practitioner_id: str | None = None,
    day: date | None = None,
    reason: str = "",
) -> Batch:
    """Move appointments to another practitioner, or to a day on the hospital's clocks, or both.

    Each keeps its time of day where that is free, else it gets the nearest free one of that day. With
    neither named, each gets the free time of its own practitioner that is nearest to the old one.
    Raises `NotAllowed`, `InvalidInput`.
    """
    options = {
        "practitioner_id": practitioner_id,
        "day": day.isoformat() if day is not None else None,
        "reason": _short(reason),
    }
    return start_batch(actor, kind=BatchKind.MOVE, items=_chosen(ids), options=options)


def start_telling(actor: Actor, *, ids: Iterable[UUID]) -> Batch:
    """Ask the patients of appointments to choose another time. Raises `NotAllowed`, `InvalidInput`."""
    return start_batch(actor, kind=BatchKind.TELL, items=_chosen(ids))


def _chosen(ids: Iterable[UUID]) -> list[Item]:
    chosen = [Item(subject_id=key) for key in dict.fromkeys(ids)]
    if len(chosen) > MOST_CHOSEN:
        raise InvalidInput(items=_("These are too many at once."))
    return chosen


def _short(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(reason=_("This is too long."))
    return reason


def _appointment_of(actor: Actor, item: BatchItem) -> Appointment:
    rows = appointments_for(actor).select_related("service", "practitioner", "patient")
    row = rows.filter(pk=item.subject_id).first() if item.subject_id is not None else None
    if row is None:
        raise AppointmentNotFound
    return row


# ── cancelling ─────────────────────────────────────────────────────────────────
def _cancel(turn: Turn) -> Outcome:
    row = _appointment_of(turn.actor, turn.item)
    if row.status == Status.CANCELLED:
        return Outcome.UNCHANGED
    cancel_appointment(turn.actor, reference=row.reference, reason=turn.options["reason"])
    return Outcome.DONE


def _undo_cancelling(actor: Actor, item: BatchItem) -> None:
    row = _appointment_of(actor, item)
    undo_step(actor, reference=row.reference, seen=Status.CANCELLED)


# ── moving ─────────────────────────────────────────────────────────────────────
def _move(turn: Turn) -> Outcome:
    row = _appointment_of(turn.actor, turn.item)
    moved = move_to_wish(turn.actor, row, wish_in(turn.options), turn.options["reason"])
    if moved is None:
        return Outcome.UNCHANGED
    # Ids and times: whoever takes it back has to know what was seen.
    turn.item.fields = {"from": place_of(row), "to": place_of(moved)}
    return Outcome.DONE


def _move_back(actor: Actor, item: BatchItem) -> None:
    row = _appointment_of(actor, item)
    move_back(actor, row, came_from=item.fields["from"], went_to=item.fields["to"])


# ── telling ────────────────────────────────────────────────────────────────────
def _tell(turn: Turn) -> Outcome:
    ask_to_choose(turn.actor, _appointment_of(turn.actor, turn.item), asked_by=turn.batch.pk)
    return Outcome.DONE
