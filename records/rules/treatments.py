"""The statuses of a treatment and the moves between them."""

from collections.abc import Mapping
from enum import StrEnum


class TreatmentStatus(StrEnum):
    """Where a treatment stands; the values are the words on the wire."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    DISCONTINUED = "DISCONTINUED"


# What was broken off may be taken up again; what was completed is done: more of it is a new treatment.
MOVES: Mapping[TreatmentStatus, frozenset[TreatmentStatus]] = {
    TreatmentStatus.ACTIVE: frozenset({TreatmentStatus.COMPLETED, TreatmentStatus.DISCONTINUED}),
    TreatmentStatus.COMPLETED: frozenset(),
    TreatmentStatus.DISCONTINUED: frozenset({TreatmentStatus.ACTIVE}),
}


def allowed(current: TreatmentStatus) -> list[str]:
    """Return the names of the statuses that `current` may move to, in the order of `TreatmentStatus`."""
    return [status.value for status in TreatmentStatus if status in MOVES[current]]


def may_move(current: TreatmentStatus, target: TreatmentStatus) -> bool:
    """Return whether a treatment in `current` may become `target`."""
    return target in MOVES[current]
