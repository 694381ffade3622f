"""The life of one appointment: booked, perhaps confirmed, then kept, missed or cancelled, each at its time.

A life is told to its end and cut off at the present. What is left says how the appointment stands: past
ones are over, some of today's are under way, and those to come wait. Instants are epoch seconds.
"""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from bookings.models import Source
from bookings.rules.rulebook import ServiceRules
from bookings.rules.statuses import OCCUPYING, Status
from core import clock

MINUTE, HOUR, DAY = 60, 3600, 86400

_SOURCES = (Source.TELEGRAM, Source.ADMIN, Source.WEB, Source.API, Source.MCP)
_SOURCE_WEIGHTS = (40, 25, 17, 9, 9)
_CANCELLED, _MISSED = 0.085, 0.06
# Some confirm soon after booking, most when they are reminded on the day before, others never.
_CONFIRMED_SOON, _CONFIRMED_LATE = 0.35, 0.45
_USUAL_LEAD = 7 * DAY
# Nobody books between midnight and six: what would fall there was booked the evening before.
_WAKING_HOUR, _NIGHT = 6, 9 * HOUR

CANCEL_REASONS = ("ติดธุระ", "ไม่สะดวกเดินทาง", "หายดีแล้ว", "นัดซ้ำ", "เปลี่ยนโรงพยาบาล", "Travelling", "")
NOTES = ("มาครั้งแรก", "ขอเอกสารรับรองแพทย์", "ใช้รถเข็น", "ขอล่ามภาษาอังกฤษ", "มากับผู้ปกครอง", "Please speak English")
_WITH_NOTES = 0.08


class Step(NamedTuple):
    """A status that was reached, and when. The first one is the booking itself."""

    at: int
    status: Status


class Life(NamedTuple):
    """What happened to an appointment until now; never empty."""

    source: Source
    steps: tuple[Step, ...]
    notes: str
    cancel_reason: str

    @property
    def status(self) -> Status:
        """How the appointment stands."""
        return self.steps[-1].status

    @property
    def occupies(self) -> bool:
        """Whether it keeps its practitioner's time."""
        return self.status in OCCUPYING


def live(service: ServiceRules, start: int, zone: str, now: int, rng: Random) -> Life | None:
    """The life of an appointment at `start` as it stands `now`; None if it cannot have been booked yet."""
    booked = _booked_at(service, start, zone, now, rng)
    if booked is None:
        return None
    steps = tuple(step for step in _whole_life(service, start, booked, rng) if step.at <= now)
    is_cancelled = steps[-1].status is Status.CANCELLED
    return Life(
        source=rng.choices(_SOURCES, _SOURCE_WEIGHTS)[0],
        steps=steps,
        notes=rng.choice(NOTES) if rng.random() < _WITH_NOTES else "",
        cancel_reason=rng.choice(CANCEL_REASONS) if is_cancelled else "",
    )


def _booked_at(service: ServiceRules, start: int, zone: str, now: int, rng: Random) -> int | None:
    """An instant within notice and horizon, before now, mostly some days before the latest possible."""
    latest = min(start - service.notice * MINUTE, now) - MINUTE
    earliest = start - (service.horizon_days - 1) * DAY
    if earliest > latest:
        return None
    booked = latest - min(int(rng.expovariate(1 / _USUAL_LEAD)), latest - earliest)
    if clock.from_epoch(booked).astimezone(clock.zone(zone)).hour < _WAKING_HOUR:
        booked -= _NIGHT
    return booked


def _whole_life(service: ServiceRules, start: int, booked: int, rng: Random) -> Iterator[Step]:
    yield Step(booked, Status.SCHEDULED)
    known, confirmed = booked, _confirmed_at(start, booked, rng)
    fate = rng.random()
    cancelled = rng.randrange(booked + 1, start + 1) if fate < _CANCELLED else None
    if confirmed is not None and (cancelled is None or confirmed < cancelled):
        known = confirmed
        yield Step(known, Status.CONFIRMED)
    if cancelled is not None:
        yield Step(cancelled, Status.CANCELLED)
    elif fate < _CANCELLED + _MISSED:
        yield Step(start + service.duration * MINUTE // 2 + rng.randrange(10 * MINUTE), Status.NO_SHOW)
    else:
        yield from _visit(service, start, known, rng)


def _confirmed_at(start: int, booked: int, rng: Random) -> int | None:
    chance = rng.random()
    if chance < _CONFIRMED_SOON:
        return booked + rng.randrange(1, min(2 * HOUR, start - booked))
    reminded = start - DAY + rng.randrange(4 * HOUR)
    return reminded if chance < _CONFIRMED_SOON + _CONFIRMED_LATE and reminded > booked else None


def _visit(service: ServiceRules, start: int, known: int, rng: Random) -> Iterator[Step]:
    arrived = max(known + 1, start - rng.randrange(2 * MINUTE, 25 * MINUTE))
    called = max(arrived + 1, start + rng.randrange(5 * MINUTE))
    yield Step(arrived, Status.CHECKED_IN)
    yield Step(called, Status.IN_PROGRESS)
    yield Step(
        max(called + 1, start + service.duration * MINUTE - rng.randrange(3 * MINUTE)), Status.COMPLETED
    )
