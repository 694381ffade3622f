"""The rules of slots again, minute by minute and with no thought for speed.

Nothing here is shared with `bookings.rules` but its values: the minutes of UTC are walked and
asked what the local clock shows, and hours are sets of minutes.
"""

from array import array
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

MINUTE = 60


@lru_cache(maxsize=4_096)
def walk(zone, day):
    """Return the first instant and what the clock shows from it on, minute by minute, in minutes."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=30)
    clock = ZoneInfo(zone)
    moments = [(begin + timedelta(minutes=count)).astimezone(clock) for count in range(90 * 60)]
    return int(begin.timestamp()), array("q", [shown_minutes(moment) for moment in moments])


def shown_minutes(moment):
    return moment.toordinal() * 1440 + moment.hour * 60 + moment.minute


@lru_cache(maxsize=65_536)
def first_instant(zone, day, minute):
    begin, shown = walk(zone, day)
    wall = day.toordinal() * 1440 + minute
    return begin + MINUTE * next(index for index, clock in enumerate(shown) if clock >= wall)


@lru_cache(maxsize=65_536)
def local_date(zone, instant):
    return datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).date()


def dates_around(first, last):
    return [first + timedelta(days=count) for count in range(-2, (last - first).days + 4)]


@dataclass
class Oracle:
    book: object
    service: object
    practitioner_id: str
    first: date
    last: date
    now: int
    entries: list = field(default_factory=list)

    @cached_property
    def rules(self):
        return self.book.practitioners[self.practitioner_id]

    @cached_property
    def runs(self):
        """The dated windows as (instant of start, instant of end)."""
        found = []
        for day in dates_around(self.first, self.last):
            minutes = self.working_minutes(day)
            begins = sorted(minute for minute in minutes if minute - 1 not in minutes)
            ends = sorted(minute + 1 for minute in minutes if minute + 1 not in minutes)
            zone = self.rules.zone
            found += [
                (first_instant(zone, day, a), first_instant(zone, day, b))
                for a, b in zip(begins, ends, strict=True)
            ]
        return found

    def working_minutes(self, day):
        minutes = set()
        for row in self.rules.weekly:
            begun = row.valid_from is None or day >= row.valid_from
            over = row.valid_until is not None and day > row.valid_until
            if row.weekday == day.weekday() and begun and not over and day not in self.book.holidays:
                minutes |= set(range(row.start, row.end))
        for row in self.rules.extra_hours:
            if day in dates_between(row.date_from, row.date_until):
                minutes |= set(range(row.start, row.end))
        return minutes

    @cached_property
    def work(self):
        return {instant for begin, end in self.runs for instant in range(begin, end, MINUTE)}

    @cached_property
    def away(self):
        instants = set()
        zone = self.rules.zone
        for row in self.rules.time_off:
            for day in dates_around(self.first, self.last):
                if day in dates_between(row.date_from, row.date_until):
                    edges = first_instant(zone, day, row.start), first_instant(zone, day, row.end)
                    instants |= set(range(*edges, MINUTE))
        return instants

    @cached_property
    def starts(self):
        step = self.service.interval * MINUTE
        grid = {start for begin, end in self.runs for start in range(begin, end, step)}
        present = self.work - self.away
        return {start for start in grid if present.issuperset(self.visit(start))}

    def visit(self, start):
        return range(start, start + self.service.duration * MINUTE, MINUTE)

    def seats_left(self, start):
        occupied_from = start - self.service.buffer_before * MINUTE
        occupied_until = start + (self.service.duration + self.service.buffer_after) * MINUTE
        seats = self.service.capacity
        for entry in self.entries:
            if (entry.service_id, entry.start) == (self.service.id, start):
                seats -= 1
            elif set(range(occupied_from, occupied_until, MINUTE)) & set(
                range(entry.occupied_start, entry.occupied_end, MINUTE)
            ):
                return 0
        return max(seats, 0)

    def is_full(self, start):
        day = local_date(self.book.zone, start)
        of_day = [entry for entry in self.entries if local_date(self.book.zone, entry.start) == day]
        limit = self.rules.daily_limit
        return limit is not None and len(of_day) >= limit

    @property
    def today(self):
        return local_date(self.book.zone, self.now)

    def refusal(self, start):
        horizon = self.today + timedelta(days=self.service.horizon_days)
        if start <= self.now:
            return "past"
        if start - self.now < self.service.notice * MINUTE:
            return "too_soon"
        if local_date(self.book.zone, start) > horizon:
            return "beyond_horizon"
        if why := self.why_closed(start):
            return why
        return self.why_taken(start) if start in self.starts else "off_grid"

    def refusal_at_desk(self, start):
        if local_date(self.book.zone, start) < self.today:
            return "past"
        return self.why_closed(start) or self.why_taken(start)

    def why_closed(self, start):
        if local_date(self.rules.zone, start) in self.book.holidays and start not in self.work:
            return "holiday"
        if not self.away.isdisjoint(self.visit(start)):
            return "time_off"
        if not self.work.issuperset(self.visit(start)):
            return "outside_hours"
        return None

    def why_taken(self, start):
        if self.is_full(start):
            return "day_full"
        return None if self.seats_left(start) else "slot_taken"

    def free(self):
        """Return {start: seats left} of the hospital's dates that were asked for."""
        asked = dates_between(self.first, self.last)
        return {
            start: self.seats_left(start)
            for start in self.starts
            if local_date(self.book.zone, start) in asked and self.refusal(start) is None
        }


@lru_cache(maxsize=4_096)
def dates_between(first, last):
    return {first + timedelta(days=count) for count in range((last - first).days + 1)}
