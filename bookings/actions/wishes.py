"""From what somebody asks for to the practitioners and instants that can give it, best first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Self

from bookings.actions.seats import SeatTaken
from bookings.errors import NonexistentTime, PatientBusy, SlotRefused
from bookings.models import Appointment, HealthcareService
from bookings.queries.availability import BusyByPractitioner, alternatives, read_busy
from bookings.queries.catalogue import Catalogue, catalogue
from bookings.rules.policy import Refusal, choose_order, judge, local_instants
from bookings.rules.rulebook import ServiceRules
from bookings.rules.slots import busy_range
from core import clock

# Whatever lies further off is refused all the same; at the calendar's own ends, other zones' clocks overflow.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999

# Of several reasons, the one that leaves most hope is told: another time of the same practitioner first.
_HOPE = (Refusal.SLOT_TAKEN, Refusal.OFF_GRID, Refusal.TIME_OFF, Refusal.OUTSIDE_HOURS, Refusal.HOLIDAY)


class Candidate(NamedTuple):
    """A practitioner who seems free at an instant (epoch seconds), and whether a hold of theirs ran out."""

    practitioner_id: str
    start: int
    stale_holds: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A service at a time, with one practitioner or anybody who offers it.

    `starts` are the instants (epoch seconds) that the asked time can mean: two in the hour that the clocks
    repeat, else one.
    """

    present: Catalogue
    service: HealthcareService
    who: tuple[str, ...]
    asked: str | None
    day: date
    starts: tuple[int, ...]

    @classmethod
    def of(cls, *, service_id: int, start: datetime, practitioner_id: str | None) -> Self:
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
        return cls(present, present.service(service_id), who, practitioner_id, start.date(), starts)

    @property
    def rules(self) -> ServiceRules:
        """The rules of the asked service."""
        return self.present.book.services[self.service.pk]

    def candidates(self, *, besides: str | None = None) -> list[Candidate]:
        """Who can give it, and at which instant: the least busy practitioner of the day first.

        `besides` is an appointment (its id) that does not count as busy, as it is about to move.
        Raises `SlotRefused` with the reason and alternatives when nobody can.
        """
        now = clock.epoch_now()
        asked = busy_range(self.present.book, self.rules, self.day, self.day, now)
        busy, stale = read_busy(self.who, *asked, besides=besides)
        refusals: set[Refusal] = set()
        for start in self.starts:
            free = []
            for whose in self.who:
                why = judge(self.present.book, self.rules, whose, start, busy.get(whose, ()), now)
                if why is None:
                    free.append(whose)
                else:
                    refusals.add(why)
            if free:
                order = choose_order(free, _load(busy), str(start))
                return [Candidate(whose, start, whose in stale) for whose in order]
        raise self.refused(_most_hopeful(refusals), busy)

    def refused(self, why: Refusal, busy: BusyByPractitioner | None = None) -> SlotRefused:
        """The refusal of this wish, with the nearest slots that can be had instead.

        `busy` is what occupies the practitioners on the asked day, if that was just read.
        """
        near = self.starts[0]
        return SlotRefused(why, alternatives(self.present, self.service.pk, self.asked, near, busy=busy))

    def take(self, seat: Callable[[Candidate], Appointment], *, besides: str | None = None) -> Appointment:
        """Let `seat` take the first seat that the database grants, one candidate after the other.

        Raises `SlotRefused` when others were faster everywhere, `PatientBusy`, and what else `seat` raises.
        """
        for candidate in self.candidates(besides=besides):
            try:
                return seat(candidate)
            except SeatTaken:
                continue
            except PatientBusy as busy:
                raise self.patient_busy(candidate.start) from busy
        raise self.refused(Refusal.SLOT_TAKEN)

    def patient_busy(self, start: int) -> PatientBusy:
        """The refusal of a visit at `start` to a patient who is elsewhere, with the nearest slots besides."""
        length = self.rules.duration * 60
        return PatientBusy(alternatives(self.present, self.service.pk, self.asked, start, apart_by=length))


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


def _most_hopeful(refusals: set[Refusal]) -> Refusal:
    for why in _HOPE:
        if why in refusals:
            return why
    return next(iter(refusals), Refusal.OUTSIDE_HOURS)
