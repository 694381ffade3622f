"""Free slots: from a rule book and what is busy to the starts that can be booked.

Instants are integer epoch seconds (UTC). The rules, which bind every door:

1. Hours. On a local date of the practitioner's zone the weekly rows of that weekday whose
   validity covers the date count, unless the date is a hospital holiday; extra hours count
   even then. Windows of one date that overlap or touch on the clock are one window.
2. Edges. A local date and minute is the first instant at which the clock shows that wall
   time or a later one: in a gap the instant of the change, in a fold the first occurrence.
   Minute 1440 is the first instant of the next date. A date lasts from its first instant
   to the next date's, and a date that a zone skipped is empty.
3. Starts. Each window offers its own first instant plus multiples of the interval, in
   elapsed time, whatever is booked or off. The visit must lie inside working hours without
   touching time off; windows that touch at midnight are continuous. Buffers may reach
   outside the hours and into time off.
4. Busy. The visit with its buffers must not overlap an occupied range of the practitioner,
   but bookings of the same session (same service, same start) only take seats of it.
5. Notice and horizon. A start is after now, not before now plus the notice, and not after
   the last hospital-local date that the horizon reaches (today plus its days, inclusive).
6. Dates asked for are the hospital's: they name the range from the first instant of the
   first to the first instant after the last, wherever the practitioner works.
7. Daily limit. A practitioner who has one offers no start of a hospital-local date on which
   as many bookings and live holds of theirs start already, whatever the service; each person
   of a session counts. What moves within such a date adds none to it, and may.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, compress
from operator import itemgetter
from typing import NamedTuple

from bookings.rules.hours import edge_instant, hours_on, hours_until, local_day, without
from bookings.rules.rulebook import PractitionerRules, RuleBook, ServiceRules, Span


class Slot(NamedTuple):
    """One start that can be booked; `start` and `end` of the visit in epoch seconds."""

    start: int
    end: int
    practitioner_id: str
    seats_left: int


class Busy(NamedTuple):
    """One booking or live hold of a practitioner, in epoch seconds.

    The occupied range is the visit with that booking's own buffers, so that
    `occupied_start <= start < occupied_end`.
    """

    occupied_start: int
    occupied_end: int
    service_id: int
    start: int


def free_slots(
    book: RuleBook,
    service: ServiceRules,
    practitioner_ids: Iterable[str],
    date_from: date,
    date_until: date,
    busy: Mapping[str, Sequence[Busy]],
    now: int,
) -> list[Slot]:
    """Return the free slots of the hospital-local dates, both inclusive.

    They come in the order of their starts, those of one instant in the order of
    `practitioner_ids`, who are distinct and, as the caller has seen to, offer the service.
    `busy` holds for each practitioner, in any order, at least what overlaps `busy_range`.
    """
    days = _bookable_days(book, service, date_from, date_until, now)
    earliest = earliest_start(service, now)
    length, capacity = service.duration * 60, service.capacity
    slots: list[Slot] = []
    for practitioner_id in practitioner_ids:
        entries = busy.get(practitioner_id, ())
        starts = tuple(chain.from_iterable(_daily(book, service, practitioner_id, days, entries)))
        vacant, taken = vacancies(service, starts, entries, earliest)
        slots += [
            Slot(start, start + length, practitioner_id, capacity - taken.get(start, 0))
            for start in compress(starts, vacant)
        ]
    slots.sort(key=itemgetter(0))
    return slots


def count_free_by_day(
    book: RuleBook,
    service: ServiceRules,
    practitioner_ids: Iterable[str],
    date_from: date,
    date_until: date,
    busy: Mapping[str, Sequence[Busy]],
    now: int,
) -> dict[date, int]:
    """Return, for every date of the range, how many slots `free_slots` would list on it."""
    days = _bookable_days(book, service, date_from, date_until, now)
    earliest = earliest_start(service, now)
    counts = [0] * len(days)
    for practitioner_id in practitioner_ids:
        entries = busy.get(practitioner_id, ())
        daily = _daily(book, service, practitioner_id, days, entries)
        starts = tuple(chain.from_iterable(daily))
        vacant, _ = vacancies(service, starts, entries, earliest)
        begin = 0
        for index, of_day in enumerate(daily):
            end = begin + len(of_day)
            counts[index] += vacant.count(1, begin, end)
            begin = end
    free = dict(zip(days, counts, strict=True))
    asked = range(date_from.toordinal(), date_until.toordinal() + 1)
    return {date.fromordinal(day): free.get(day, 0) for day in asked}


def range_instants(zone: str, date_from: date, date_until: date) -> Span:
    """Return the instants [from, until) of the local dates of `zone`, both inclusive.

    The calendar's last date, 9999-12-31, is cut off: what follows it has no name.
    """
    after = min(date_until.toordinal() + 1, date.max.toordinal())
    return edge_instant(zone, date_from.toordinal(), 0), edge_instant(zone, after, 0)


def busy_range(book: RuleBook, service: ServiceRules, date_from: date, date_until: date, now: int) -> Span:
    """Return the instants [from, until) in which a busy entry can take a slot of the dates.

    The range reaches past the dates by the visit and its buffers, and is no wider than
    notice and horizon leave open; where somebody who offers the service has a daily limit it
    holds whole dates. It is (0, 0) where no slot can be free at all.
    """
    days = _bookable_days(book, service, date_from, date_until, now)
    if not days:
        return 0, 0
    opens, until = edge_instant(book.zone, days[0], 0), edge_instant(book.zone, days[-1] + 1, 0)
    first = max(opens, earliest_start(service, now))
    if first >= until:
        return 0, 0
    if _is_limited(book, service):
        first = opens
    reach = service.duration + service.buffer_after
    return first - service.buffer_before * 60, until + reach * 60


def _is_limited(book: RuleBook, service: ServiceRules) -> bool:
    people = (book.practitioners.get(key) for key in service.practitioner_ids)
    return any(person is not None and person.daily_limit is not None for person in people)


def earliest_start(service: ServiceRules, now: int) -> int:
    """Return the first instant that is after `now` and keeps the notice."""
    return now + max(1, service.notice * 60)


def last_day(book: RuleBook, service: ServiceRules, now: int) -> int:
    """Return the last hospital-local date of the horizon, as a proleptic ordinal."""
    return local_day(book.zone, now) + service.horizon_days


def _bookable_days(
    book: RuleBook, service: ServiceRules, date_from: date, date_until: date, now: int
) -> range:
    first = max(date_from.toordinal(), local_day(book.zone, now))
    return range(first, min(date_until.toordinal(), last_day(book, service, now)) + 1)


def _daily(
    book: RuleBook, service: ServiceRules, practitioner_id: str, days: range, busy: Iterable[Busy]
) -> list[tuple[int, ...]]:
    """Return the starts of each date that hours, time off and the daily limit allow."""
    full = full_days(book, practitioner_id, days, busy)
    return [() if day in full else starts_on(book, service, practitioner_id, day) for day in days]


def full_days(book: RuleBook, practitioner_id: str, days: range, busy: Iterable[Busy]) -> Collection[int]:
    """Return those of the hospital-local dates on which the practitioner's daily limit is reached.

    `days` are proleptic ordinals; `busy` holds at least what starts on one of them.
    """
    practitioner = book.practitioners.get(practitioner_id)
    if practitioner is None or practitioner.daily_limit is None or not days:
        return ()
    edges = [edge_instant(book.zone, day, 0) for day in range(days.start, days.stop + 1)]
    counts = [0] * len(edges)
    for entry in busy:
        # What starts before the first date counts at the list's end, what starts after the last too.
        counts[min(bisect_right(edges, entry.start) - 1, len(days))] += 1
    return {day for day, count in zip(days, counts, strict=False) if count >= practitioner.daily_limit}


def vacancies(
    service: ServiceRules, starts: Sequence[int], busy: Iterable[Busy], earliest: int
) -> tuple[bytearray, dict[int, int]]:
    """Return one byte for each of the ascending `starts`, 1 if it is free, and seats taken.

    The second result counts the seats by start, for those sessions that have any taken.
    """
    vacant = bytearray(b"\x01") * len(starts)
    too_early = bisect_left(starts, earliest)
    vacant[:too_early] = bytes(too_early)
    taken: dict[int, int] = {}
    before, after = service.buffer_before * 60, (service.duration + service.buffer_after) * 60
    shared = service.id if service.capacity > 1 else None
    for occupied_start, occupied_end, service_id, start in busy:
        low = bisect_right(starts, occupied_start - after)
        high = bisect_left(starts, occupied_end + before, low)
        if service_id != shared:
            vacant[low:high] = bytes(high - low)
            continue
        # A session keeps its neighbours away, but its own start only once it is full.
        taken[start] = taken.get(start, 0) + 1
        own = bisect_left(starts, start, low, high)
        open_still = own < high and starts[own] == start and taken[start] < service.capacity
        kept = vacant[own : own + open_still]
        vacant[low:high] = bytes(high - low)
        vacant[own : own + open_still] = kept
    return vacant, taken


def starts_on(book: RuleBook, service: ServiceRules, practitioner_id: str, day: int) -> tuple[int, ...]:
    """Return the starts of a hospital-local date that hours and time off allow, ascending.

    `day` is a proleptic ordinal. A practitioner whom the book does not know has none.
    """
    key = (practitioner_id, service.duration, service.interval, day)
    starts = book.starts_cache.get(key)
    if starts is None:
        starts = book.starts_cache.keep(key, _find_starts(book, service, practitioner_id, day))
    return starts


def _find_starts(book: RuleBook, service: ServiceRules, practitioner_id: str, day: int) -> tuple[int, ...]:
    practitioner = book.practitioners.get(practitioner_id)
    if practitioner is None:
        return ()
    zone = practitioner.zone
    if zone == book.zone:
        return tuple(_grid(book, service, practitioner, day))
    opens, closes = edge_instant(book.zone, day, 0), edge_instant(book.zone, day + 1, 0)
    local_days = range(local_day(zone, opens), local_day(zone, closes) + 1)
    starts = chain.from_iterable(_grid(book, service, practitioner, local) for local in local_days)
    return tuple(start for start in starts if opens <= start < closes)


def _grid(book: RuleBook, service: ServiceRules, practitioner: PractitionerRules, day: int) -> list[int]:
    """Return the starts of one local date of the practitioner, by rule 3."""
    windows = hours_on(book, practitioner, day).work
    if not windows:
        return []
    length, step = service.duration * 60, service.interval * 60
    work, away = hours_until(book, practitioner, day, windows[-1][1] + length)
    present = without(work, away)
    starts: list[int] = []
    for opens, closes in windows:
        for begin, end in present:
            skipped = max(0, -((opens - begin) // step))
            starts += range(opens + skipped * step, min(closes, end - length + 1), step)
    return starts
