"""The statuses of an appointment and the moves between them."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where an appointment stands; the values are the words on the wire."""

    HELD = "HELD"
    SCHEDULED = "SCHEDULED"
    CONFIRMED = "CONFIRMED"
    CHECKED_IN = "CHECKED_IN"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"


# The exclusion constraint of the appointment table names the same statuses.
OCCUPYING: frozenset[Status] = frozenset(
    {
        Status.HELD,
        Status.SCHEDULED,
        Status.CONFIRMED,
        Status.CHECKED_IN,
        Status.IN_PROGRESS,
        Status.COMPLETED,
    }
)

RESCHEDULABLE: frozenset[Status] = frozenset({Status.SCHEDULED, Status.CONFIRMED})

# A no-show may still be checked in: people come late. A hold that is given up is deleted,
# not cancelled.
MOVES: Mapping[Status, frozenset[Status]] = {
    Status.HELD: frozenset({Status.SCHEDULED}),
    Status.SCHEDULED: frozenset({Status.CONFIRMED, Status.CHECKED_IN, Status.CANCELLED, Status.NO_SHOW}),
    Status.CONFIRMED: frozenset({Status.CHECKED_IN, Status.CANCELLED, Status.NO_SHOW}),
    Status.CHECKED_IN: frozenset({Status.IN_PROGRESS, Status.CANCELLED, Status.NO_SHOW}),
    Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.CANCELLED}),
    Status.COMPLETED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.NO_SHOW: frozenset({Status.CHECKED_IN}),
}


def allowed(current: Status) -> list[str]:
    """Return the names of the statuses that `current` may move to, in the order of `Status`."""
    return [status.value for status in Status if status in MOVES[current]]


def may_move(current: Status, target: Status) -> bool:
    """Return whether an appointment in `current` may become `target`."""
    return target in MOVES[current]
