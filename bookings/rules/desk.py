"""The rules as they bind the desk: without those that are meant for whoever books by themselves.

Notice, horizon and the grid of starts (rules 3 and 5 of `bookings.rules.slots`) do not bind it,
nor does the clock within the present date: somebody who came in a while ago is entered now.
Working hours, time off, holidays, other bookings and the daily limit do.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bookings.rules.hours import edge_instant, hours_until, local_day, without
from bookings.rules.policy import Refusal, why_not_left, why_not_offered
from bookings.rules.rulebook import RuleBook, ServiceRules, Span
from bookings.rules.slots import Busy, range_instants

# Two years; whatever is farther off is a slip of the keyboard.
FARTHEST_DAYS = 731


def at_desk(service: ServiceRules) -> ServiceRules:
    """Return a service as the desk may book it: its starts are what can be offered there."""
    return replace(service, notice=0, horizon_days=FARTHEST_DAYS)


def out_of_reach(book: RuleBook, start: int, now: int) -> Refusal | None:
    """Return why nobody may enter a start at all: before today, or farther off than two years."""
    today = local_day(book.zone, now)
    if start < edge_instant(book.zone, today, 0):
        return Refusal.PAST
    return Refusal.BEYOND_HORIZON if local_day(book.zone, start) > today + FARTHEST_DAYS else None


def judge_at_desk(
    book: RuleBook,
    service: ServiceRules,
    practitioner_id: str,
    start: int,
    busy: Sequence[Busy],
    now: int,
    *,
    stays: bool = False,
) -> Refusal | None:
    """Return why the desk may not book the visit at `start` (epoch seconds), or None if it may.

    `busy` and `stays` are what `bookings.rules.policy.judge` asks for. What `judge` allows is allowed here
    too.
    """
    why = out_of_reach(book, start, now) or why_not_offered(book, service, practitioner_id, start)
    # Within working hours, on the grid or not.
    if why is not Refusal.OFF_GRID:
        return why
    return why_not_left(book, service, practitioner_id, start, busy, stays=stays)


def busy_range_at_desk(book: RuleBook, service: ServiceRules, day: date) -> Span:
    """Return the instants [from, until) in which a busy entry can be in the way of a start of a date."""
    opens, closes = range_instants(book.zone, day, day)
    reach = service.duration + service.buffer_after
    return opens - service.buffer_before * 60, closes + reach * 60


def first_free(
    book: RuleBook, service: ServiceRules, practitioner_id: str, begin: int, busy: Sequence[Busy], now: int
) -> int | None:
    """Return the first start from `begin` on, on the same hospital-local date, that the desk may book.

    None where there is none. `busy` holds at least what overlaps `busy_range_at_desk`.
    """
    closes = edge_instant(book.zone, local_day(book.zone, begin) + 1, 0)
    for start in _turns(book, service, practitioner_id, begin, closes, busy):
        if judge_at_desk(book, service, practitioner_id, start, busy, now) is None:
            return start
    return None


def _turns(
    book: RuleBook, service: ServiceRules, practitioner_id: str, begin: int, until: int, busy: Sequence[Busy]
) -> list[int]:
    """Return the instants at which a visit can become possible: where something begins or has ended."""
    practitioner = book.practitioners.get(practitioner_id)
    if practitioner is None:
        return []
    work, away = hours_until(book, practitioner, local_day(practitioner.zone, begin), until)
    turns = {begin}
    turns |= {opens for opens, _ in without(work, away)}
    turns |= {entry.occupied_end + service.buffer_before * 60 for entry in busy}
    turns |= {entry.start for entry in busy if entry.service_id == service.id}
    return sorted(turn for turn in turns if begin <= turn < until)
