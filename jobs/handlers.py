"""Which function does which kind of job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

# Gets the job's subject, inside of the job's hospital; returns when the job is due again, or None.
Run = Callable[[str], datetime | None]


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of job is done.

    In a transaction: the work and the removal of the job are one transaction; it must be short and talk to
    nobody. Leased: the work runs outside of any transaction for at most `lease`, may talk to others, and may
    have to run twice after a crash. `lane` keeps slow kinds from holding up fast ones. `when_inactive`: also
    for hospitals that are switched off.
    """

    kind: str
    run: Run
    lane: str
    lease: timedelta | None = None
    when_inactive: bool = False


_handlers: dict[str, Handler] = {}
# lane → how many workers do its leased jobs at once, where that is not the usual number.
_places: dict[str, int] = {}

# Workers that do leased jobs of one lane at once: these wait for others, a mail server say, and while they
# wait somebody has to be left who hands on events.
USUAL_PLACES = 1


def handle(
    kind: str, run: Run, *, lane: str, lease: timedelta | None = None, when_inactive: bool = False
) -> None:
    """Say how a kind of job is done; called from `AppConfig.ready`. Without `lease`: in a transaction."""
    known = _handlers.get(kind)
    if known is not None and known.run is not run:
        raise RuntimeError(f"Two handlers for {kind}.")
    _handlers[kind] = Handler(kind, run, lane, lease, when_inactive)


def give_places(lane: str, places: int) -> None:
    """Have so many workers do a lane's leased jobs at once; called from `AppConfig.ready`."""
    _places[lane] = places


def places_of(lane: str) -> int:
    """How many workers do a lane's leased jobs at once."""
    return _places.get(lane, USUAL_PLACES)


def handler_of(kind: str) -> Handler:
    """The handler of a kind."""
    return _handlers[kind]


def kinds_of(lane: str, *, leased: bool) -> list[str]:
    """The kinds that a lane works on in the one way or the other."""
    return [one.kind for one in _handlers.values() if one.lane == lane and bool(one.lease) is leased]


def lanes() -> list[str]:
    """All lanes."""
    return sorted({one.lane for one in _handlers.values()})
