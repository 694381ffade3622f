"""What rooms above this one add to the demonstration: each names a function, the loader calls it."""

from collections.abc import Callable
from dataclasses import dataclass

from bookings.demo.plan import HospitalPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is loaded: days before and after today, and the share of each hospital's patients."""

    days_back: int = 365
    days_ahead: int = 60
    patients: float = 1.0


Fill = Callable[[HospitalPlan, Size], None]

_fills: list[Fill] = []


def add_to_demo(fill: Fill) -> None:
    """Have `fill` called for each hospital that is loaded; call from `AppConfig.ready`.

    It runs inside the hospital and in the load's transaction, after everything of this room is there:
    patients, appointments and their history can be queried. Adding one twice calls it once.
    """
    if fill not in _fills:
        _fills.append(fill)


def fill_the_rest(plan: HospitalPlan, size: Size) -> None:
    """Let every room add what is its own, in the order in which they asked."""
    for fill in _fills:
        fill(plan, size)
