"""Judging one start, reading wall times, and choosing among practitioners."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from bookings.rules.hours import edge_instant, hours_until, local_day, zone_named
from bookings.rules.rulebook import RuleBook, ServiceRules, Span
from bookings.rules.slots import Busy, earliest_start, full_days, last_day, starts_on, vacancies


class Refusal(StrEnum):
    """Why a start cannot be booked, in the order in which the reasons are looked for."""

    PAST = "past"
    TOO_SOON = "too_soon"
    BEYOND_HORIZON = "beyond_horizon"
    HOLIDAY = "holiday"
    TIME_OFF = "time_off"
    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    DAY_FULL = "day_full"
    SLOT_TAKEN = "slot_taken"


def judge(
    book: RuleBook,
    service: ServiceRules,
    practitioner_id: str,
    start: int,
    busy: Sequence[Busy],
    now: int,
    *,
    stays: bool = False,
) -> Refusal | None:
    """Return why the visit at `start` (epoch seconds) is refused, or None if it is free.

    None means exactly that `free_slots` lists the start. `busy` holds the practitioner's
    entries, in any order, at least those that overlap the visit with its buffers, and for
    one with a daily limit those that start on the same hospital-local date. With `stays` the
    visit is the practitioner's on that date already and adds none to it: the limit does not bind.
    """
    if start <= now:
        return Refusal.PAST
    if start < earliest_start(service, now):
        return Refusal.TOO_SOON
    if start >= edge_instant(book.zone, last_day(book, service, now) + 1, 0):
        return Refusal.BEYOND_HORIZON
    if start not in starts_on(book, service, practitioner_id, local_day(book.zone, start)):
        return why_not_offered(book, service, practitioner_id, start)
    return why_not_left(book, service, practitioner_id, start, busy, stays=stays)


def why_not_left(
    book: RuleBook,
    service: ServiceRules,
    practitioner_id: str,
    start: int,
    busy: Sequence[Busy],
    *,
    stays: bool = False,
) -> Refusal | None:
    """Return what others have left of a start within working hours: None where there is a seat.

    `stays` is that of `judge`.
    """
    day = local_day(book.zone, start)
    if not stays and full_days(book, practitioner_id, range(day, day + 1), busy):
        return Refusal.DAY_FULL
    vacant, _ = vacancies(service, (start,), busy, start)
    return None if vacant[0] else Refusal.SLOT_TAKEN


def why_not_offered(book: RuleBook, service: ServiceRules, practitioner_id: str, start: int) -> Refusal:
    """Name the rule that keeps `start` from being one of the practitioner's starts.

    On a holiday only what extra hours leave closed is refused for the holiday's sake.
    """
    practitioner = book.practitioners.get(practitioner_id)
    if practitioner is None:
        return Refusal.OUTSIDE_HOURS
    day, end = local_day(practitioner.zone, start), start + service.duration * 60
    work, away = hours_until(book, practitioner, day, end)
    if date.fromordinal(day) in book.holidays and not _covers(work, start, start + 1):
        return Refusal.HOLIDAY
    if any(begin < end and start < until for begin, until in away):
        return Refusal.TIME_OFF
    return Refusal.OFF_GRID if _covers(work, start, end) else Refusal.OUTSIDE_HOURS


def _covers(spans: Iterable[Span], start: int, end: int) -> bool:
    return any(begin <= start and end <= until for begin, until in spans)


def local_instants(zone: str, day: date, minute: int) -> tuple[int, ...]:
    """Return the instants (epoch seconds) at which the clock of `zone` shows a wall time.

    `minute` counts from local midnight, 0 to 1440. Ordinarily there is one instant; there
    are two where the clock is turned back over the time and none where it skips the time.
    """
    tz = zone_named(zone)
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    # The two readings are one but in a fold, where they come in order, and in a gap, where neither is real.
    readings = dict.fromkeys(int(wall.replace(tzinfo=tz, fold=fold).timestamp()) for fold in (0, 1))
    return tuple(
        instant for instant in readings if datetime.fromtimestamp(instant, tz).replace(tzinfo=None) == wall
    )


def choose_order(candidates: Sequence[str], load: Mapping[str, int], salt: str) -> list[str]:
    """Return the candidates with the least loaded first; who is not in `load` has none.

    Ties fall by a hash of `salt` and the id: the same for the same salt in every process,
    and spread evenly over many salts, so that give the start's instant as the salt.
    """

    def rank(candidate: str) -> tuple[int, bytes]:
        digest = sha256(f"{salt}\0{candidate}".encode()).digest()
        return load.get(candidate, 0), digest

    return sorted(candidates, key=rank)
