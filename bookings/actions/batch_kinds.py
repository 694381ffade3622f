"""What a batch can do to each of its items, and how its options and its lines are kept: sealed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bookings.models.batch import Batch, BatchItem, BatchKind, Outcome
from core.actor import Actor
from core.errors import NotAllowed
from core.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class Turn:
    """An item whose turn it is: as whom, of which batch with which options, and the line that it has."""

    actor: Actor
    batch: Batch
    options: dict[str, Any]
    item: BatchItem
    payload: dict[str, Any]


# Returns what became of an item, or raises a `DomainError`. It runs inside of the item's transaction and
# talks to nobody. What it leaves in `item.fields` is kept.
RunItem = Callable[[Turn], Outcome]
# Takes back what was done to an item, or raises a `DomainError`.
UndoItem = Callable[[Actor, BatchItem], None]


@dataclass(frozen=True, slots=True)
class Work:
    """How a kind of batch is worked off: the verb that it needs, and what is done to an item."""

    verb: str
    run_item: RunItem
    undo_item: UndoItem | None = None

    def may(self, actor: Actor) -> bool:
        """Whether an actor may do this at all: to everything, or to what is theirs."""
        return actor.can(self.verb) or actor.can(f"{self.verb}_own")

    def require(self, actor: Actor) -> UUID:
        """The user as whom it is done. Raises `NotAllowed` unless the actor may do this and is a person."""
        if actor.user_id is None or not self.may(actor):
            raise NotAllowed(needs=self.verb)
        return actor.user_id


_works: dict[str, Work] = {}


def batch_kind(kind: BatchKind, verb: str, run_item: RunItem, *, undo_item: UndoItem | None = None) -> None:
    """Say how a kind of batch is worked off; called from `AppConfig.ready`."""
    _works[kind] = Work(verb, run_item, undo_item)


def work_of(kind: str) -> Work:
    """How a kind is worked off. Raises `KeyError` for one that no room has made known."""
    return _works[kind]


def write_options(batch_id: UUID, options: Mapping[str, Any]) -> str:
    """The options of a batch as they are kept."""
    return _sealed(options, f"bookings.batch:{batch_id}")


def read_options(batch: Batch) -> dict[str, Any]:
    """The options of a batch. Raises `CannotUnseal`."""
    return _unsealed(batch.options, f"bookings.batch:{batch.pk}")


def write_payload(batch_id: UUID, number: int, payload: Mapping[str, Any] | None) -> str:
    """The line of an item as it is kept; nothing for none."""
    return _sealed(payload, f"bookings.batch_item:{batch_id}:{number}") if payload else ""


def read_payload(item: BatchItem) -> dict[str, Any]:
    """The line of an item; empty for none, or when it is done. Raises `CannotUnseal`."""
    return _unsealed(item.payload, f"bookings.batch_item:{item.batch_id}:{item.number}")


def _sealed(values: Mapping[str, Any], place: str) -> str:
    return seal(json.dumps(dict(values), default=str), place=place)


def _unsealed(sealed: str, place: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(unseal(sealed, place=place)) if sealed else {}
    return values
