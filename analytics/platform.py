"""What rooms above this one add to the platform's front page: figures of hospitals, health of parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Gives a number for each hospital (by its primary key) that has one; the others have none of it.
Count = Callable[[], Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the platform: its name, how it is, and the seconds that this is about where there are some.

    `state` is one of ``ok``, ``late``, ``never``, ``degraded``, ``unavailable``, ``unknown``.
    """

    name: str
    state: str
    seconds: int | None = None


_counts: dict[str, Count] = {}
_judges: list[Callable[[], list[Part]]] = []


def count_with(name: str, count: Count) -> None:
    """Say how a figure of hospitals is counted; called from `AppConfig.ready`."""
    _counts[name] = count


def judge_with(judge: Callable[[], list[Part]]) -> None:
    """Say how parts of the platform are looked at, quickly and without raising; called from `ready`."""
    _judges.append(judge)


def counted() -> dict[str, Mapping[int, int]]:
    """Every figure that was made known, by its name and the hospital's primary key."""
    return {name: count() for name, count in _counts.items()}


def parts() -> list[Part]:
    """How the parts of the platform are."""
    return [part for judge in _judges for part in judge()]
