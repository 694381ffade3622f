"""Working a batch off: a few dozens of items at a time, each in a transaction of its own.

An item's effect and its outcome are one transaction, so each item happens once, whoever dies and however
many work on it. Between two steps the rights of whoever asked are read anew.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import translation

from accounts.caller import actor_of
from accounts.models import User
from bookings.actions.batch_kinds import Turn, Work, read_options, read_payload, work_of
from bookings.actions.batches import DRAFT_FOR, LANE, UNDOING, WORK, end_batch, mark_running, not_undone
from bookings.errors import TryAgain
from bookings.models import Practitioner
from bookings.models.batch import Batch, BatchItem, BatchState, Outcome, StopReason
from core import clock
from core.actor import Actor, Door
from core.errors import DomainError
from jobs.handlers import give_places, handle

logger = logging.getLogger(__name__)

# A step ends after so many items or seconds, so that other hospitals' batches get their turn.
ITEMS_A_STEP, SECONDS_A_STEP = 40, 5.0
# Longer than a step takes. Whoever takes over sooner does no harm: items are locked one by one.
LEASE = timedelta(seconds=30)
# How many batches are worked on at once.
PLACES = 2
# How often an item is tried that others keep from being worked on.
TRIES = 3
# The reason of an item that failed by a fault of ours.
FAILED = "failed"


def open_bulk_lane() -> None:
    """Have batches worked off; called from `AppConfig.ready`."""
    handle(WORK, work_off, lane=LANE, lease=LEASE)
    give_places(LANE, PLACES)


@dataclass(frozen=True, slots=True)
class _Step:
    """A batch at work: as whom, with which options, forwards or back."""

    batch: Batch
    actor: Actor
    work: Work
    options: dict[str, Any]

    @property
    def is_undoing(self) -> bool:
        return UNDOING in self.options

    def items(self) -> QuerySet[BatchItem]:
        """What is left to do, in its order; backwards the last first, as it may have another's place."""
        if self.is_undoing:
            return not_undone(self.batch).order_by("-number")
        return BatchItem.objects.filter(batch=self.batch, outcome=Outcome.WAITING).order_by("number")


def work_off(batch_id: str) -> datetime | None:
    """Do one step of a batch; return when the next one is due, or None when it is over: a job's handler."""
    mark_running(UUID(batch_id))
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is not None and batch.state == BatchState.DRAFT:
        return _forget_old_draft(batch)
    if batch is None or batch.state != BatchState.RUNNING:
        return None
    step = _step_of(batch)
    if not step.work.may(step.actor):
        return _end(step, stopped=StopReason.RIGHTS)
    until = time.monotonic() + SECONDS_A_STEP
    for number in list(step.items().values_list("number", flat=True)[:ITEMS_A_STEP]):
        _work_on(step, number)
        if time.monotonic() >= until:
            break
    return _end(step)


def _forget_old_draft(batch: Batch) -> datetime | None:
    ends = batch.created_at + DRAFT_FOR
    if ends > clock.now():
        return ends
    with transaction.atomic():
        draft = Batch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.DRAFT).first()
        if draft is not None:
            end_batch(draft, stopped=StopReason.UNCONFIRMED)
    return None


def _step_of(batch: Batch) -> _Step:
    options = read_options(batch)
    user = User.objects.get(pk=options.get(UNDOING, batch.user_id))
    whose = Practitioner.objects.filter(user_id=user.pk).values_list("pk", flat=True).first()
    actor = actor_of(user, Door.ADMIN, practitioner_id=whose)
    return _Step(batch, actor, work_of(batch.kind), options)


def _end(step: _Step, *, stopped: StopReason | None = None) -> datetime | None:
    """End the batch, unless there is more to do: then when. One that somebody stopped stays as it is."""
    with transaction.atomic():
        rows = Batch.objects.select_for_update().filter(pk=step.batch.pk, state=BatchState.RUNNING)
        batch = rows.first()
        if batch is None:
            return None
        if stopped is None and step.items().exists():
            return clock.now()
        end_batch(batch, stopped=stopped)
    return None


def _work_on(step: _Step, number: int) -> None:
    """Do one item, or say why not."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                _settle(step, number, is_last=attempt == TRIES)
        except TryAgain:
            continue
        return


def _settle(step: _Step, number: int, *, is_last: bool) -> None:
    rows = step.items().select_for_update(of=("self",))
    # Gone if somebody stopped the batch, or did it meanwhile.
    item = rows.filter(number=number, batch__state=BatchState.RUNNING).first()
    if item is None:
        return
    try:
        with transaction.atomic():
            item.outcome = _act(step, item)
    except TryAgain as busy:
        if not is_last:
            raise
        _refuse(step, item, busy)
    except DomainError as refusal:
        _refuse(step, item, refusal)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  -- one bad row must not hold up the rest
        # The class alone: a message may quote what a patient wrote.
        what = type(error).__name__
        logger.error("item %s of batch %s failed: %s", number, step.batch.pk, what)  # noqa: TRY400  -- as above
        _refuse(step, item, None)
    item.payload = ""
    item.save(update_fields=["outcome", "reason", "fields", "payload"])


def _act(step: _Step, item: BatchItem) -> Outcome:
    if not step.is_undoing:
        return step.work.run_item(Turn(step.actor, step.batch, step.options, item, read_payload(item)))
    if step.work.undo_item is not None:
        step.work.undo_item(step.actor, item)
    return Outcome.UNDONE


def _refuse(step: _Step, item: BatchItem, refusal: DomainError | None) -> None:
    """Note why it was not done; what could not be taken back stays done."""
    item.outcome = Outcome.DONE if step.is_undoing else Outcome.REFUSED
    item.reason = refusal.reason[:40] if refusal is not None else FAILED
    if refusal is not None and "fields" in refusal.data:
        # As written in the source: each reader gets it in their language.
        with translation.override(None):
            said = refusal.data["fields"].items()
            item.fields = {name: [str(text) for text in texts] for name, texts in said}
