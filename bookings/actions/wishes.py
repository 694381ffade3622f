"""From what somebody asks for to the practitioners and instants that can give it, best first."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from bookings.actions.leave import NO_LEAVE, Leave
from bookings.actions.seats import Candidate, SeatTaken, stays_that_day
from bookings.errors import NonexistentTime, PatientBusy, SlotRefused
from bookings.models import Appointment, HealthcareService, Practitioner
from bookings.queries.availability import BusyByPractitioner, Occupation, OfferedSlot, alternatives, read_busy
from bookings.queries.catalogue import Catalogue, catalogue
from bookings.rules.desk import at_desk, busy_range_at_desk, first_free, judge_at_desk, out_of_reach
from bookings.rules.policy import Refusal, choose_order, judge, local_instants
from bookings.rules.rulebook import ServiceRules
from bookings.rules.slots import busy_range
from core import clock

# Whatever lies further off is refused all the same; at the calendar's own ends, other zones' clocks overflow.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999

# Of several reasons, the one that leaves most hope is told: another time of the same practitioner first.
_HOPE = (
    Refusal.SLOT_TAKEN, Refusal.OFF_GRID, Refusal.DAY_FULL, Refusal.TIME_OFF, Refusal.OUTSIDE_HOURS,
    Refusal.HOLIDAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A service at a time, with one practitioner or anybody who offers it.

    `starts` are the instants (epoch seconds) that the asked time can mean: two in the hour that the clocks
    repeat, else one. `leave` tells which rules bind it.
    """

    present: Catalogue
    service: HealthcareService
    who: tuple[str, ...]
    asked: str | None
    day: date
    starts: tuple[int, ...]
    leave: Leave = NO_LEAVE

    @classmethod
    def of(
        cls, *, service_id: int, start: datetime, practitioner_id: str | None, leave: Leave = NO_LEAVE
    ) -> Self:
        """Read a wish. An aware `start` is an instant; a naive one is a time on the hospital's clocks.

        Raises `ServiceNotFound`, `PractitionerNotFound`, `NonexistentTime`.
        """
        present = catalogue()
        who = present.providers_of(service_id, practitioner_id)
        start = _within_calendar(start)
        if start.tzinfo is not None:
            starts: tuple[int, ...] = (clock.to_epoch(start),)
            start = start.astimezone(clock.zone(present.book.zone))
        else:
            starts = local_instants(present.book.zone, start.date(), start.hour * 60 + start.minute)
            if not starts:
                raise NonexistentTime
        return cls(present, present.service(service_id), who, practitioner_id, start.date(), starts, leave)

    @property
    def rules(self) -> ServiceRules:
        """The rules of the asked service, as they bind whoever asks."""
        rules = self.present.book.services[self.service.pk]
        return at_desk(rules) if self.leave.waive else rules

    def practitioner(self, chosen: Candidate) -> Practitioner:
        """The practitioner of a candidate."""
        return self.present.practitioners[chosen.practitioner_id]

    def is_at(self, row: Appointment) -> bool:
        """Whether an appointment is where this wish would have it."""
        return str(row.practitioner_id) in self.who and clock.to_epoch(row.start) in self.starts

    def require_time_ahead(self) -> None:
        """Raise `SlotRefused` for a time that has passed, by the rules that bind this wish."""
        now, latest = clock.epoch_now(), self.starts[-1]
        if not self.leave.waive:
            why = Refusal.PAST if now >= latest else None
        else:
            why = out_of_reach(self.present.book, latest, now)
        if why is not None:
            raise self.refused(why)

    def candidates(self, *, besides: Appointment | None = None) -> list[Candidate]:
        """Who can give it, and at which instant: the least busy practitioner of the day first.

        `besides` is an appointment that does not count as busy, as it is about to move.
        Raises `SlotRefused` with the reason and alternatives when nobody can.
        """
        busy, stale = self._read_busy(self.who, besides)
        refusals: set[Refusal] = set()
        for start in self.starts:
            free = []
            for whose in self.who:
                why = self._judge(whose, start, busy, besides)
                if why is None:
                    free.append(whose)
                else:
                    refusals.add(why)
            if free:
                order = choose_order(free, _load(busy), str(start))
                return [Candidate(whose, start, whose in stale) for whose in order]
        raise self.refused(_most_hopeful(refusals), busy)

    def settle(self, chosen: Candidate, *, besides: Appointment | None = None) -> Candidate:
        """What a candidate comes to under its practitioner's lock: overbooked, if that is wanted and needed.

        Raises `SlotRefused` for a time that nobody may be squeezed in at.
        """
        if not self.leave.overbook_reason:
            return chosen
        whose = chosen.practitioner_id
        busy, stale = self._read_busy([whose], besides)
        for start in self.starts:
            if self._judge(whose, start, busy, besides) is None:
                return Candidate(whose, start, whose in stale)
        self.require_time_ahead()
        return Candidate(whose, self.starts[0], whose in stale, overbooked=True)

    def openings(self, who: Iterable[str]) -> list[Candidate]:
        """The first time of the day, from the asked one on, that each of `who` has free by the desk's rules.

        The earliest first, of one time the least busy practitioner; nobody who has none.
        """
        busy, stale = self._read_busy(who, None)
        book, now, begin = self.present.book, clock.epoch_now(), self.starts[0]
        found: dict[str, int] = {}
        for whose in who:
            start = first_free(book, self.rules, whose, begin, busy.get(whose, ()), now)
            if start is not None:
                found[whose] = start
        order = choose_order(list(found), _load(busy), str(begin))
        order.sort(key=found.__getitem__)
        return [Candidate(whose, found[whose], whose in stale) for whose in order]

    def refused(self, why: Refusal, busy: BusyByPractitioner | None = None) -> SlotRefused:
        """The refusal of this wish, with the nearest slots that can be had instead.

        `busy` is what occupies the practitioners on the asked day, if that was just read.
        """
        near = self.starts[0]
        return SlotRefused(why, self._instead(near, busy=busy))

    def why_not(self) -> Refusal:
        """Why nobody can give it: of several reasons the one that leaves most hope.

        Where somebody can by now, it was taken a moment ago.
        """
        busy, _stale = self._read_busy(self.who, None)
        whys = [self._judge(whose, self.starts[0], busy) or Refusal.SLOT_TAKEN for whose in self.who]
        return _most_hopeful(whys)

    def take(
        self, seat: Callable[[Candidate], Appointment], *, besides: Appointment | None = None
    ) -> Appointment:
        """Let `seat` take the first seat that the database grants, one candidate after the other.

        Raises `SlotRefused` when others were faster everywhere, `PatientBusy`, and what else `seat` raises.
        """
        whys: set[Refusal] = set()
        for candidate in self._to_try(besides):
            try:
                return seat(candidate)
            except SeatTaken as taken:
                whys.add(taken.why)
            except PatientBusy as busy:
                raise self.patient_busy(candidate.start) from busy
        raise self.refused(_most_hopeful(whys))

    def patient_busy(self, start: int) -> PatientBusy:
        """The refusal of a visit at `start` to a patient who is elsewhere, with the nearest slots besides."""
        return PatientBusy(self._instead(start, apart_by=self.rules.duration * 60))

    def _instead(
        self, near: int, *, apart_by: int = 0, busy: BusyByPractitioner | None = None
    ) -> list[OfferedSlot]:
        asked = self.present, self.service.pk, self.asked
        return alternatives(*asked, near, apart_by=apart_by, busy=busy, rules=self.rules)

    def _to_try(self, besides: Appointment | None) -> list[Candidate]:
        if self.leave.overbook_reason:
            # Nothing is refused before it is looked at under the lock: see `settle`.
            return [Candidate(self.who[0], self.starts[0], stale_holds=False)]
        return self.candidates(besides=besides)

    def _judge(
        self, whose: str, start: int, busy: BusyByPractitioner, besides: Appointment | None = None
    ) -> Refusal | None:
        rule = judge_at_desk if self.leave.waive else judge
        stays = besides is not None and stays_that_day(besides, whose, start)
        book, now = self.present.book, clock.epoch_now()
        return rule(book, self.rules, whose, start, busy.get(whose, ()), now, stays=stays)

    def _read_busy(self, who: Iterable[str], besides: Appointment | None) -> Occupation:
        book = self.present.book
        if self.leave.waive:
            asked = busy_range_at_desk(book, self.rules, self.day)
        else:
            asked = busy_range(book, self.rules, self.day, self.day, clock.epoch_now())
        return read_busy(who, *asked, besides=None if besides is None else str(besides.pk))


def _within_calendar(start: datetime) -> datetime:
    year = min(max(start.year, _FIRST_YEAR), _LAST_YEAR)
    return start if year == start.year else start.replace(year=year, day=min(start.day, 28))


def _load(busy: BusyByPractitioner) -> dict[str, int]:
    """Seconds that each practitioner is occupied, a shared session counted once."""
    return {
        whose: sum(
            end - begin for begin, end in {(entry.occupied_start, entry.occupied_end) for entry in entries}
        )
        for whose, entries in busy.items()
    }


def _most_hopeful(refusals: Collection[Refusal]) -> Refusal:
    for why in _HOPE:
        if why in refusals:
            return why
    return next(iter(refusals), Refusal.OUTSIDE_HOURS)
