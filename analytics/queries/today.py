"""The working day of a hospital as the desk and doctors see it: what is booked, who is next, who waits."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from bookings.queries.appointments import appointments_for
from bookings.queries.calendar import DayCount, Row, calendar_rows_for, day_counts_for
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

# How many of those who come next are named.
NEXT = 6
_COMING_DAYS = 7
_EXPECTED = (Status.SCHEDULED, Status.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A day in numbers, as far as somebody may see it. Rows are those of `bookings.queries.calendar`."""

    day: date
    by_status: dict[str, int]
    next: list[Row]
    late: int
    waiting: list[Row]
    coming: list[DayCount]
    is_new: bool

    @property
    def total(self) -> int:
        """All that was booked for the day, but what was cancelled."""
        return sum(self.by_status.values()) - self.by_status.get(Status.CANCELLED, 0)


def today_for(actor: Actor) -> Today:
    """Today and the seven days after it, of the appointments that the actor may see.

    `next` are those who are expected from now on, `late` counts those who were expected earlier; `waiting`
    are walk-ins who have a number and were not called yet. `is_new`: nothing was ever booked. Three
    statements at most.
    """
    today = clock.today_in(current_hospital().timezone)
    rows = calendar_rows_for(actor, date_from=today, date_until=today)
    coming = day_counts_for(
        actor, date_from=today + timedelta(days=1), date_until=today + timedelta(days=_COMING_DAYS)
    )
    now = clock.now()
    expected = [row for row in rows if row["status"] in _EXPECTED]
    waiting = [row for row in rows if row["status"] == Status.CHECKED_IN and row["queue_number"] is not None]
    return Today(
        day=today,
        by_status=dict(Counter(row["status"] for row in rows)),
        next=[row for row in expected if row["start"] >= now][:NEXT],
        late=sum(row["start"] < now for row in expected),
        waiting=sorted(waiting, key=lambda row: int(row["queue_number"])),
        coming=coming,
        is_new=not rows
        and not any(count.by_status for count in coming)
        and not appointments_for(actor).exists(),
    )
