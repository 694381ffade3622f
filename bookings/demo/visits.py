"""Filling the days of a hospital with visits, on starts that its own rules offer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, compress
from math import exp, inf
from random import Random
from typing import NamedTuple

from bookings.demo.lives import HOUR, MINUTE, Life, live
from bookings.demo.people import Person
from bookings.demo.plan import Audience
from bookings.rules.rulebook import RuleBook, ServiceRules
from bookings.rules.slots import Busy, starts_on, vacancies

# Days after which a third of the demand is left: the further away, the fewer have booked.
_FADING = 24
# Chance of a practitioner to be booked out on a coming day, and how far ahead there are such days.
_BOOKED_OUT, _BOOKED_OUT_AHEAD = 0.06, 45
_WALK_INS = 0.02
# How many times as often as others the most frequent patients come.
_OFTEN = 2.5
_TRIES = 12


class Visit(NamedTuple):
    """Somebody at a start (epoch seconds) of a service with a practitioner, on a seat.

    `is_registered` is false for somebody who left a name and nothing else.
    """

    service: ServiceRules
    practitioner_id: str
    start: int
    seat: int
    person: Person
    is_registered: bool
    life: Life


class Offer(NamedTuple):
    """A practitioner's services, each with its weight, and the share of their time that is usually booked."""

    practitioner_id: str
    services: tuple[ServiceRules, ...]
    weights: tuple[float, ...]
    demand: float


@dataclass(slots=True)
class Crowd:
    """Who comes: some often, most now and then, and nobody twice on a day, so never in two places at once."""

    people: Sequence[Person]
    audiences: dict[int, Audience]
    rng: Random
    _pools: dict[int, tuple[list[int], list[float]]] = field(default_factory=dict)
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        habits = [min(self.rng.paretovariate(1.5), _OFTEN) for _ in self.people]
        # The one with an account has something to look at.
        habits[0] = 2 * _OFTEN
        for service_id, audience in self.audiences.items():
            pool = [
                index
                for index, person in enumerate(self.people)
                if audience.admits(person.age, is_woman=person.is_woman)
            ]
            self._pools[service_id] = pool, list(accumulate(habits[index] for index in pool))

    def somebody(self, service_id: int, day: int) -> Person | None:
        """A person for a service who has nothing else on that day; None if it is hard to find one."""
        pool, weights = self._pools[service_id]
        for _ in range(_TRIES if pool else 0):
            index = self.rng.choices(pool, cum_weights=weights)[0]
            if (index, day) not in self._seen:
                self._seen.add((index, day))
                return self.people[index]
        return None


@dataclass(slots=True)
class Diary:
    """The appointments of a hospital, made day by day."""

    book: RuleBook
    offers: Sequence[Offer]
    crowd: Crowd
    today: date
    now: int
    rng: Random
    _busy: dict[str, list[Busy]] = field(default_factory=dict)

    def visits(self, first: date, last: date) -> Iterator[Visit]:
        """The visits of the hospital-local dates from `first` to `last`, both inclusive."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            booked_out = self._booked_out(day)
            for offer in self.offers:
                share = inf if offer.practitioner_id == booked_out else offer.demand * self._demand(day)
                yield from self._day(offer, day.toordinal(), share)

    def _booked_out(self, day: date) -> str | None:
        ahead = (day - self.today).days
        if not 1 <= ahead <= _BOOKED_OUT_AHEAD or self.rng.random() >= _BOOKED_OUT * len(self.offers):
            return None
        return self.rng.choice(self.offers).practitioner_id

    def _demand(self, day: date) -> float:
        ahead = max(0, (day - self.today).days)
        return self.rng.uniform(0.75, 1.25) * exp(-ahead / _FADING)

    def _day(self, offer: Offer, day: int, share: float) -> Iterator[Visit]:
        """Book services until the share of the day's time is reached or nothing is left."""
        open_minutes = self._open_minutes(offer, day)
        goal, booked = share * open_minutes, 0
        left = dict(zip(offer.services, offer.weights, strict=True)) if open_minutes else {}
        while left and booked < goal:
            service = self.rng.choices(list(left), list(left.values()))[0]
            start = self._free_start(offer.practitioner_id, service, day)
            visits = [] if start is None else list(self._session(offer.practitioner_id, service, start, day))
            if not visits:
                del left[service]
                continue
            booked += service.buffer_before + service.duration + service.buffer_after
            yield from visits

    def _open_minutes(self, offer: Offer, day: int) -> int:
        """How long the practitioner works on the day, near enough; forgets what was busy before."""
        grids = [(starts_on(self.book, each, offer.practitioner_id, day), each) for each in offer.services]
        opened = [starts[0] for starts, _ in grids if starts]
        if not opened:
            return 0
        before = self._busy.get(offer.practitioner_id, [])
        reach = min(opened) - 4 * HOUR
        self._busy[offer.practitioner_id] = [entry for entry in before if entry.occupied_end > reach]
        return max(len(starts) * max(each.interval, each.duration // 2) for starts, each in grids)

    def _free_start(self, practitioner_id: str, service: ServiceRules, day: int) -> int | None:
        starts = starts_on(self.book, service, practitioner_id, day)
        vacant, taken = vacancies(service, starts, self._busy[practitioner_id], 0)
        free = [start for start in compress(starts, vacant) if start not in taken]
        return self.rng.choice(free) if free else None

    def _session(self, practitioner_id: str, service: ServiceRules, start: int, day: int) -> Iterator[Visit]:
        """One visit, or those of a group that fills most of its seats."""
        seats = service.capacity
        seats = 1 if seats == 1 else self.rng.randint(seats // 2, seats)
        for seat in range(1, seats + 1):
            life = live(service, start, self.book.zone, self.now, self.rng)
            person = self.crowd.somebody(service.id, day)
            if life is None or person is None:
                return
            if life.occupies:
                self._busy[practitioner_id].append(_busy(service, start))
            is_registered = self.rng.random() >= _WALK_INS
            yield Visit(service, practitioner_id, start, seat, person, is_registered, life)


def offers_of(services: Iterable[tuple[ServiceRules, float]], demand: dict[str, float]) -> tuple[Offer, ...]:
    """What each practitioner offers, out of the services with their weights."""
    found: dict[str, list[tuple[ServiceRules, float]]] = {key: [] for key in demand}
    for service, weight in services:
        for practitioner_id in service.practitioner_ids:
            found[practitioner_id].append((service, weight))
    return tuple(
        Offer(key, tuple(each for each, _ in some), tuple(weight for _, weight in some), demand[key])
        for key, some in found.items()
    )


def _busy(service: ServiceRules, start: int) -> Busy:
    return Busy(
        start - service.buffer_before * MINUTE,
        start + (service.duration + service.buffer_after) * MINUTE,
        service.id,
        start,
    )
