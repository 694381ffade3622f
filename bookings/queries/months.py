"""A service's calendar, month by month, within what can be booked."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bookings.models import HealthcareService
from bookings.queries.availability import count_month
from bookings.queries.catalogue import catalogue
from core import clock
from core.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """The free slots of each day of a month. `today` and `last_day` bound what can be booked, inclusive.

    Days are the hospital's, whose zone is `zone`. `is_sold_out` says that nothing is free until `last_day`;
    it is known only where all of that was looked through.
    """

    service: HealthcareService
    zone: str
    today: date
    last_day: date
    free_by_day: dict[date, int]
    is_sold_out: bool = False

    @property
    def first(self) -> date:
        """The first day of the month."""
        return next(iter(self.free_by_day))

    @property
    def is_full(self) -> bool:
        """Whether nothing is free on any of its days."""
        return not any(self.free_by_day.values())

    @property
    def before(self) -> date | None:
        """A day of the month before it, if that can be booked."""
        return self.first - timedelta(days=1) if self.first > self.today else None

    @property
    def after(self) -> date | None:
        """The first day of the month after it, if that can be booked."""
        coming = _next_month(self.first)
        return coming if coming <= self.last_day else None


def open_month_for(
    actor: Actor, *, service_id: int, month: date | None = None, practitioner_id: str | None = None
) -> OpenMonth:
    """The month that `month` lies in, or the nearest that can be booked: two statements.

    Without `month` it is the first in which something is free, with a statement more for each month that is
    looked through; if there is none, the present one. Raises `ServiceNotFound`, `PractitionerNotFound`.
    """
    actor.require("availability.read")
    present = catalogue()
    service, zone = present.service(service_id), present.book.zone
    today = clock.today_in(zone)
    last_day = today + timedelta(days=present.book.services[service_id].horizon_days)

    def count(of: date) -> OpenMonth:
        free = count_month(present, service_id, practitioner_id, of)
        return OpenMonth(service, zone, today, last_day, free)

    if month is not None:
        return count(min(max(month, today), last_day))
    found = at_first = count(today)
    while found.is_full and (coming := found.after) is not None:
        found = count(coming)
    return replace(at_first, is_sold_out=True) if found.is_full else found


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
