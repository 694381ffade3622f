"""Is everything there? A list of checks that other rooms and later doors may add to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from observing.looks import Look
from observing.outside import Bot, Queue, bot_look, limits_look, queue_look, redis_look

# A worker notes every 15 s that it lives; one whose hands are full may be late by some rounds (seconds).
WORKERS_LATE_AFTER = 120
# Work that should have been done this long ago waits for something (seconds).
QUEUE_LATE_AFTER = 300
# A process of the bot notes every 10 s that it answers; a patient should not wait that long (seconds).
BOT_LATE_AFTER = 60


class State(StrEnum):
    """What a check found."""

    OK = "ok"
    LATE = "late"
    NEVER = "never"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """A state, and the seconds that it is about where there are some."""

    state: State
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. Without a `vital` one nobody can book; without another, bookings go on.

    `judge` gets what the look saw; `blind` is what is said when the look failed.
    """

    name: str
    look: Look[Any]
    judge: Callable[[Any], Found]
    blind: State = State.UNAVAILABLE
    vital: bool = False

    def find(self) -> Found:
        """Look and judge; never raises."""
        try:
            return self.judge(self.look.see())
        except Exception:  # noqa: BLE001  -- away in one way or another, and the answer says so
            return Found(self.blind)


_checks: dict[str, Check] = {}


def watch(check: Check) -> None:
    """Add a check, or put another in its place; called from `AppConfig.ready` by those who come later."""
    _checks[check.name] = check


def readiness() -> tuple[bool, dict[str, Any]]:
    """Whether bookings can be made, and the whole answer: status, timestamp and each check's state."""
    for check in _checks.values():
        check.look.begin()
    found = {name: check.find() for name, check in _checks.items()}
    # What is unknown is so for a reason that another check names, or for a moment.
    bad = {name for name, one in found.items() if one.state not in (State.OK, State.UNKNOWN)}
    is_ready = not any(_checks[name].vital for name in bad)
    status = "unavailable" if not is_ready else "degraded" if bad else "ok"
    return is_ready, {**stamped(status), "checks": {name: _told(one) for name, one in found.items()}}


def stamped(status: str) -> dict[str, Any]:
    """A status with the time, in UTC."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"status": status, "timestamp": now}


def _told(found: Found) -> dict[str, Any]:
    told: dict[str, Any] = {"status": str(found.state)}
    if found.seconds is not None:
        told["seconds"] = round(found.seconds)
    return told


def _queue(queue: Queue) -> Found:
    return Found(State.LATE if queue.oldest > QUEUE_LATE_AFTER else State.OK, queue.oldest)


def _workers(seconds_ago: float | None) -> Found:
    if seconds_ago is None:
        return Found(State.NEVER)
    return Found(State.LATE if seconds_ago > WORKERS_LATE_AFTER else State.OK, seconds_ago)


def _bot(bot: Bot) -> Found:
    if not bot.inbox.has_bot:
        return Found(State.OK)
    if bot.alive is None:
        return Found(State.NEVER)
    seconds = max(bot.alive, bot.inbox.oldest)
    return Found(State.LATE if seconds > BOT_LATE_AFTER else State.OK, seconds)


watch(Check("database", queue_look, lambda _: Found(State.OK), vital=True))
watch(Check("redis", redis_look, lambda _: Found(State.OK)))
watch(Check("workers", redis_look, _workers, blind=State.UNKNOWN))
watch(Check("queue", queue_look, _queue, blind=State.UNKNOWN))
watch(Check("limits", limits_look, lambda on: Found(State.DEGRADED if on else State.OK), blind=State.UNKNOWN))
watch(Check("bot", bot_look, _bot, blind=State.UNKNOWN))
