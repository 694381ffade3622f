"""Free slots: at most three statements, whatever the number of appointments."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bookings.models import Appointment, HealthcareService
from bookings.queries.catalogue import Catalogue, catalogue
from bookings.rules.desk import at_desk
from bookings.rules.rulebook import ServiceRules
from bookings.rules.slots import Busy, busy_range, count_free_by_day, free_slots
from bookings.rules.statuses import OCCUPYING, Status
from core import clock
from core.actor import Actor
from core.errors import InvalidInput

# The longest range that one question may ask for.
LONGEST_RANGE = 31
# How many slots are offered in place of one that cannot be had, and how far they are looked for.
ALTERNATIVES = 3
LOOK_AHEAD = 14

# Literals, not parameters: PostgreSQL takes the partial index only if the text proves its condition.
_STATUSES = ", ".join(f"'{status}'" for status in sorted(OCCUPYING))
_OCCUPIED = f"""
SELECT practitioner_id::text,
       extract(epoch FROM lower(occupied))::bigint, extract(epoch FROM upper(occupied))::bigint,
       service_id, extract(epoch FROM start)::bigint,
       status = '{Status.HELD}' AND hold_expires_at <= now()
FROM bookings_appointment
WHERE practitioner_id = ANY(%(who)s::uuid[])
  AND occupied && tstzrange(to_timestamp(%(begin)s), to_timestamp(%(end)s))
  AND status IN ({_STATUSES})
  AND (%(besides)s::uuid IS NULL OR id <> %(besides)s::uuid)
"""  # noqa: S608  -- no value of a caller is part of the text
# Who was overbooked stands outside of the constraint, and so of its index: they have one of their own.
READ_BUSY = f"{_OCCUPIED} AND NOT overbooked UNION ALL {_OCCUPIED} AND overbooked"

BusyByPractitioner = dict[str, list[Busy]]


class Occupation(NamedTuple):
    """What occupies practitioners, and whose time holds still block in the table that have run out."""

    busy: BusyByPractitioner
    stale: set[str]


class OfferedSlot(NamedTuple):
    """A slot as it is shown: instants in epoch seconds, who, how many seats, the zone of the hospital."""

    start: int
    end: int
    practitioner_id: str
    practitioner_name: str
    seats_left: int
    zone: str


@dataclass(frozen=True, slots=True)
class Availability:
    """What can be booked of one service on some days, in the hospital's zone."""

    service: HealthcareService
    zone: str
    date_from: date
    date_until: date
    slots: list[OfferedSlot]


@dataclass(frozen=True, slots=True)
class MonthView:
    """How many slots are free on each day of a month."""

    service: HealthcareService
    zone: str
    free_by_day: dict[date, int]


def availability_for(
    actor: Actor,
    *,
    service_id: int,
    date_from: date,
    date_until: date,
    practitioner_id: str | None = None,
    waive: bool = False,
) -> Availability:
    """Free slots of the hospital-local dates, both inclusive, 31 at most, in the order of their starts.

    With `waive` those that the desk may book: notice and horizon do not bind it. Raises `ServiceNotFound`,
    `PractitionerNotFound`, `InvalidInput` for a range that is empty or too long, `NotAllowed`.
    """
    actor.require("appointments.waive" if waive else "availability.read")
    _check_range(date_from, date_until)
    present = catalogue()
    rules = present.book.services.get(service_id)
    slots = find_slots(
        present, service_id, practitioner_id, date_from, date_until,
        rules=at_desk(rules) if waive and rules is not None else rules,
    )  # fmt: skip
    return Availability(present.service(service_id), present.book.zone, date_from, date_until, slots)


def day_for(
    actor: Actor, *, service_id: int, day: date, practitioner_id: str | None = None
) -> tuple[Availability, list[OfferedSlot]]:
    """The free slots of one day; where there are none, also the nearest ones of the days from it on.

    Raises `ServiceNotFound`, `PractitionerNotFound`.
    """
    found = availability_for(
        actor, service_id=service_id, date_from=day, date_until=day, practitioner_id=practitioner_id
    )
    if found.slots:
        return found, []
    present = catalogue()
    today = clock.today_in(found.zone)
    last = today + timedelta(days=present.book.services[service_id].horizon_days)
    midnight = datetime.combine(min(max(day, today), last), time(), clock.zone(found.zone))
    return found, alternatives(present, service_id, practitioner_id, clock.to_epoch(midnight))


def month_for(actor: Actor, *, service_id: int, month: date, practitioner_id: str | None = None) -> MonthView:
    """The number of free slots on every day of the month that `month` lies in."""
    actor.require("availability.read")
    present = catalogue()
    free = count_month(present, service_id, practitioner_id, month)
    return MonthView(present.service(service_id), present.book.zone, free)


def count_month(
    present: Catalogue, service_id: int, practitioner_id: str | None, month: date
) -> dict[date, int]:
    """The number of free slots on every day of a month, as a catalogue has them. One statement."""
    who = present.providers_of(service_id, practitioner_id)
    first = month.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    rules, now = present.book.services[service_id], clock.epoch_now()
    busy, _ = read_busy(who, *busy_range(present.book, rules, first, last, now))
    return count_free_by_day(present.book, rules, who, first, last, busy, now)


def find_slots(
    present: Catalogue,
    service_id: int,
    practitioner_id: str | None,
    date_from: date,
    date_until: date,
    *,
    busy: BusyByPractitioner | None = None,
    rules: ServiceRules | None = None,
) -> list[OfferedSlot]:
    """Free slots of some dates as a catalogue has them, with the names of the practitioners.

    `busy` is what occupies them on these dates, where the caller has read it already; `rules` are the
    service's, where they bind the caller in another way.
    """
    who = present.providers_of(service_id, practitioner_id)
    rules, now = rules or present.book.services[service_id], clock.epoch_now()
    if busy is None:
        busy, _ = read_busy(who, *busy_range(present.book, rules, date_from, date_until, now))
    slots = free_slots(present.book, rules, who, date_from, date_until, busy, now)
    names = {key: present.practitioners[key].name for key in who}
    zone = present.book.zone
    return [OfferedSlot(start, end, whose, names[whose], seats, zone) for start, end, whose, seats in slots]


def alternatives(
    present: Catalogue,
    service_id: int,
    practitioner_id: str | None,
    near: int,
    *,
    apart_by: int = 0,
    busy: BusyByPractitioner | None = None,
    rules: ServiceRules | None = None,
) -> list[OfferedSlot]:
    """The free slots nearest to an instant: those of its day by distance, then the first of the coming days.

    `apart_by` leaves out what starts less than so many seconds away. `busy` is what occupies the
    practitioners on that day, where the caller has read it already; `rules` as for `find_slots`.
    """
    rules = rules or present.book.services[service_id]
    today = clock.today_in(present.book.zone)
    asked = clock.from_epoch(near).astimezone(clock.zone(present.book.zone)).date()
    day = max(asked, today)
    known = busy if day == asked else None
    of_day = find_slots(present, service_id, practitioner_id, day, day, busy=known, rules=rules)
    apart = [slot for slot in of_day if abs(slot.start - near) >= apart_by]
    nearest = sorted(apart, key=lambda slot: (abs(slot.start - near), slot.start))[:ALTERNATIVES]
    if len(nearest) < ALTERNATIVES:
        last_day = today + timedelta(days=rules.horizon_days)
        first = min(day + timedelta(days=1), last_day)
        until = first + timedelta(days=LOOK_AHEAD)
        coming = find_slots(present, service_id, practitioner_id, first, until, rules=rules)
        nearest += [slot for slot in coming if slot not in nearest][: ALTERNATIVES - len(nearest)]
    return nearest


def read_busy(
    practitioner_ids: Iterable[str], begin: int, end: int, *, besides: str | None = None
) -> Occupation:
    """What occupies some practitioners between two instants; `besides` leaves one row out.

    A hold that ran out by the database's clock occupies nobody; who has one is in `stale`.
    """
    found = Occupation({}, set())
    if begin >= end:
        return found
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "who": list(practitioner_ids),
            "begin": begin,
            "end": end,
            "besides": besides,
        }
        cursor.execute(READ_BUSY, asked)
        for whose, occupied_start, occupied_end, service_id, start, is_stale in cursor.fetchall():
            if is_stale:
                found.stale.add(whose)
            else:
                found.busy.setdefault(whose, []).append(Busy(occupied_start, occupied_end, service_id, start))
    return found


def seats_left(appointment: Appointment) -> int:
    """Seats of an appointment's session that others have not taken: its own counts as free."""
    capacity = appointment.service.capacity
    if capacity == 1:
        return 1
    others = Appointment.objects.filter(
        practitioner_id=appointment.practitioner_id,
        service_id=appointment.service_id,
        start=appointment.start,
        status__in=OCCUPYING,
    ).exclude(pk=appointment.pk)
    taken = others.exclude(status=Status.HELD, hold_expires_at__lte=Now()).count()
    # Who was overbooked counts too, beyond the seats that there are.
    return max(0, capacity - taken)


def _check_range(date_from: date, date_until: date) -> None:
    if date_until < date_from:
        raise InvalidInput(date_to=_("The last day must not be before the first."))
    if (date_until - date_from).days >= LONGEST_RANGE:
        raise InvalidInput(date_to=_("Ask for 31 days at most."))
