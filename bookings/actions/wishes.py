"""From what somebody asks for to the practitioners and instants that can give it, best first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from bookings.actions.seats import SeatTaken
from bookings.errors import NonexistentTime, PatientBusy, SlotRefused
from bookings.models import Appointment, HealthcareService
from bookings.queries.availability import BusyByPractitioner, OfferedSlot, alternatives, read_busy
from bookings.queries.catalogue import Catalogue, catalogue
from bookings.rules.policy import Refusal, choose_order, judge, local_instants
from bookings.rules.rulebook import ServiceRules
from bookings.rules.slots import busy_range
from core import clock

# Of several reasons, the one that leaves most hope is told: another time of the same practitioner first.
_HOPE = (Refusal.SLOT_TAKEN, Refusal.OFF_GRID, Refusal.TIME_OFF, Refusal.OUTSIDE_HOURS, Refusal.HOLIDAY)


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

    def candidates(self, *, besides: str | None = None) -> list[tuple[str, int]]:
        """Who can give it, and at which instant: the least busy practitioner of the day first.

        `besides` is an appointment (its id) that does not count as busy, as it is about to move.
        Raises `SlotRefused` with the reason and alternatives when nobody can.
        """
        now = clock.epoch_now()
        busy = read_busy(
            self.who, *busy_range(self.present.book, self.rules, self.day, self.day, now), besides=besides
        )
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
                return [(whose, start) for whose in choose_order(free, _load(busy), str(start))]
        raise self.refused(_most_hopeful(refusals))

    def refused(self, why: Refusal) -> SlotRefused:
        """The refusal of this wish, with the nearest slots that can be had instead."""
        return SlotRefused(why, alternatives(self.present, self.service.pk, self.asked, self.starts[0]))

    def take(self, seat: Callable[[str, int], Appointment], *, besides: str | None = None) -> Appointment:
        """Let `seat` (given practitioner and instant) take the first seat that the database grants.

        Raises `SlotRefused` when others were faster everywhere, `PatientBusy`, and whatever else `seat` raises.
        """
        for whose, start in self.candidates(besides=besides):
            try:
                return seat(whose, start)
            except SeatTaken:
                continue
            except PatientBusy as busy:
                raise PatientBusy(self._elsewhen(start)) from busy
        raise self.refused(Refusal.SLOT_TAKEN)

    def _elsewhen(self, start: int) -> list[OfferedSlot]:
        """The nearest slots that do not overlap a visit at `start`."""
        length = self.rules.duration * 60
        return alternatives(self.present, self.service.pk, self.asked, start, apart_by=length)


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
