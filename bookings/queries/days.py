"""Which of the coming days have anything free, whatever it is."""

from datetime import date, timedelta

from bookings.queries.availability import LONGEST_RANGE, read_busy
from bookings.queries.catalogue import Catalogue, catalogue
from bookings.rules.rulebook import ServiceRules
from bookings.rules.slots import busy_range, count_free_by_day
from core import clock
from core.actor import Actor


def bookable_days_for(actor: Actor) -> list[date]:
    """Those of the next 31 days, on the hospital's calendar, on which some event type has a free slot.

    Three statements at most, whatever the number of event types and appointments.
    """
    actor.require("availability.read")
    present, now = catalogue(), clock.epoch_now()
    today = clock.today_in(present.book.zone)
    last = today + timedelta(days=LONGEST_RANGE - 1)
    services = list(present.book.services.values())
    busy, _ = read_busy(list(present.practitioners), *_widest(present, services, today, last, now))
    free: set[date] = set()
    for rules in services:
        if len(free) == LONGEST_RANGE:
            break
        who = rules.practitioner_ids
        counts = count_free_by_day(present.book, rules, who, today, last, busy, now)
        free |= {day for day, slots in counts.items() if slots}
    return sorted(free)


def _widest(
    present: Catalogue, services: list[ServiceRules], first: date, last: date, now: int
) -> tuple[int, int]:
    """The instants that hold every event type's own range; an empty one where nothing can be booked."""
    ranges = [busy_range(present.book, rules, first, last, now) for rules in services]
    open_ones = [one for one in ranges if one[0] < one[1]]
    if not open_ones:
        return 0, 0
    return min(begin for begin, _ in open_ones), max(end for _, end in open_ones)
