"""A practitioner's day: every start that is free, whichever of their event types it is for."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bookings.errors import PractitionerNotFound
from bookings.models import HealthcareService, Practitioner
from bookings.queries.availability import OfferedSlot, find_slots, read_busy
from bookings.queries.catalogue import Catalogue, catalogue
from bookings.rules.policy import judge, local_instants
from bookings.rules.slots import busy_range
from core import clock
from core.actor import Actor

# No visit with its buffers is longer: what is busy farther off than this is in nobody's way.
_A_DAY = 86400


class ServiceSlot(NamedTuple):
    """A free slot, and the event type that can be booked at it."""

    service: HealthcareService
    slot: OfferedSlot


@dataclass(frozen=True, slots=True)
class DoctorDay:
    """What can be booked with one practitioner on one day, in the order of the starts."""

    practitioner: Practitioner
    zone: str
    day: date
    slots: list[ServiceSlot]


def doctor_day_for(
    actor: Actor, *, practitioner_id: str, day: date, service_id: int | None = None
) -> DoctorDay:
    """The free slots of a practitioner on a day of the hospital, of one event type or of all they offer.

    At most three statements, however many event types there are. Raises `PractitionerNotFound`,
    `ServiceNotFound`.
    """
    actor.require("availability.read")
    present = catalogue()
    services = _services(present, practitioner_id, service_id)
    now = clock.epoch_now()
    ranges = [busy_range(present.book, present.book.services[key], day, day, now) for key in services]
    wanted = [(begin, end) for begin, end in ranges if begin < end]
    begin, end = min((one for one, _ in wanted), default=0), max((two for _, two in wanted), default=0)
    busy, _ = read_busy([practitioner_id], begin, end)
    slots = [
        ServiceSlot(present.service(key), slot)
        for key in services
        for slot in find_slots(present, key, practitioner_id, day, day, busy=busy)
    ]
    slots.sort(key=lambda one: (one.slot.start, one.service.pk))
    return DoctorDay(present.practitioners[practitioner_id], present.book.zone, day, slots)


def service_for_start(present: Catalogue, practitioner_id: str, day: date, minute: int) -> int:
    """The id of the event type that a visit with somebody at a time is of, where none was named.

    The first one that they offer and that is free at that time (`minute` of the day on the hospital's
    clocks); the first one that they offer if none is. Raises `PractitionerNotFound`.
    """
    offered = _services(present, practitioner_id, None)
    now, book = clock.epoch_now(), present.book
    starts = local_instants(book.zone, day, minute)
    if len(offered) == 1 or not starts:
        return offered[0]
    # A day's limit is about the whole of it, which may be longer than others.
    busy, _ = read_busy([practitioner_id], starts[0] - 2 * _A_DAY, starts[-1] + 2 * _A_DAY)
    entries = busy.get(practitioner_id, [])
    for key in offered:
        if any(judge(book, book.services[key], practitioner_id, at, entries, now) is None for at in starts):
            return key
    return offered[0]


def _services(present: Catalogue, practitioner_id: str, service_id: int | None) -> list[int]:
    """Ids of the event types that a practitioner offers, or just the asked one."""
    if service_id is not None:
        present.providers_of(service_id, practitioner_id)
        return [service_id]
    rules = present.book.services
    offered = [key for key in rules if practitioner_id in rules[key].practitioner_ids]
    if practitioner_id not in present.practitioners or not offered:
        raise PractitionerNotFound
    return offered
