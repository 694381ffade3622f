"""Moving one appointment of many: to the time of day that it has, or to the nearest one that is free."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from bookings.actions.appointments import reschedule_appointment
from bookings.errors import IllegalStatus, NonexistentTime, PatientBusy, SlotRefused
from bookings.models import Appointment
from bookings.queries.availability import LOOK_AHEAD, find_slots
from bookings.queries.catalogue import catalogue
from bookings.rules.desk import at_desk
from bookings.rules.policy import Refusal
from bookings.rules.statuses import RESCHEDULABLE, Status
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

# Where the wished time is taken, so many others are tried: somebody may be faster again.
OTHER_TIMES = 5


@dataclass(frozen=True, slots=True)
class WhereTo:
    """To whom and to which day on the hospital's clocks; None for what it is now."""

    practitioner_id: str | None
    day: date | None


def wish_in(options: Mapping[str, Any]) -> WhereTo:
    """What the options of a batch say."""
    day = date.fromisoformat(options["day"]) if options["day"] else None
    return WhereTo(options["practitioner_id"], day)


def place_of(row: Appointment) -> dict[str, Any]:
    """Where an appointment is, and whether beside the seats, as an item keeps it."""
    place: dict[str, Any] = {"start": row.start.isoformat(), "practitioner_id": str(row.practitioner_id)}
    return place | ({"overbooked": True} if row.overbooked else {})


def move_to_wish(actor: Actor, row: Appointment, wish: WhereTo, reason: str) -> Appointment | None:
    """Move an appointment; None when it is where it should be. Raises what `reschedule_appointment` does."""
    if row.status not in RESCHEDULABLE:
        raise IllegalStatus(Status(row.status))
    mover = _Mover(actor, row, wish.practitioner_id or str(row.practitioner_id), reason)
    present = _local(row.start)
    if wish.practitioner_id is None and wish.day is None:
        return mover.to_nearest(row.start, present.date(), present.date() + timedelta(days=LOOK_AHEAD))
    day = wish.day or present.date()
    if mover.whose == str(row.practitioner_id) and day == present.date():
        return None
    return mover.to_day(datetime.combine(day, present.time()))


def move_back(
    actor: Actor, row: Appointment, *, came_from: Mapping[str, Any], went_to: Mapping[str, Any]
) -> None:
    """Move an appointment back to where it was, unless somebody has moved it since: `MovedMeanwhile`.

    Where it was overbooked it may be so again for the same reason, by whoever may overbook.
    """
    reschedule_appointment(
        actor,
        reference=row.reference,
        start=datetime.fromisoformat(came_from["start"]),
        practitioner_id=came_from["practitioner_id"],
        seen_start=datetime.fromisoformat(went_to["start"]),
        seen_practitioner_id=went_to["practitioner_id"],
        waive=actor.can("appointments.waive"),
        overbook_reason=_reason_kept(actor, row) if came_from.get("overbooked") else "",
    )


def _reason_kept(actor: Actor, row: Appointment) -> str:
    """Why it was overbooked before: bulk work overbooks nobody and leaves the reason as it is."""
    return row.overbook_reason if actor.can("appointments.overbook") else ""


@dataclass(frozen=True, slots=True)
class _Mover:
    actor: Actor
    row: Appointment
    whose: str
    reason: str

    def to_day(self, wished: datetime) -> Appointment:
        """To a naive time on the hospital's clocks, else to the nearest free one of that day."""
        try:
            return self._to(wished)
        except (SlotRefused, PatientBusy, NonexistentTime) as refusal:
            near = timezone.make_aware(wished, _zone())
            return self.to_nearest(near, wished.date(), wished.date(), refusal)

    def to_nearest(
        self, near: datetime, first: date, last: date, refusal: Exception | None = None
    ) -> Appointment:
        """To the free time of some days that is nearest to an instant. Raises why the last one cannot be."""
        for start in self._free(near, first, last):
            try:
                return self._to(start)
            except (SlotRefused, PatientBusy) as refused:
                refusal = refused
        raise refusal or SlotRefused(Refusal.SLOT_TAKEN, [])

    def _free(self, near: datetime, first: date, last: date) -> list[datetime]:
        present = catalogue()
        rules = present.book.services.get(self.row.service_id)
        if rules is not None and self.actor.can("appointments.waive"):
            rules = at_desk(rules)
        slots = find_slots(present, self.row.service_id, self.whose, first, last, rules=rules)
        starts = {clock.from_epoch(slot.start) for slot in slots}
        if self.whose == str(self.row.practitioner_id):
            starts -= {self.row.start}
        return sorted(starts, key=lambda start: (abs(start - near), start))[:OTHER_TIMES]

    def _to(self, start: datetime) -> Appointment:
        return reschedule_appointment(
            self.actor,
            reference=self.row.reference,
            start=start,
            practitioner_id=self.whose,
            reason=self.reason,
            waive=self.actor.can("appointments.waive"),
        )


def _local(moment: datetime) -> datetime:
    """An instant on the hospital's clocks, naive."""
    return moment.astimezone(_zone()).replace(tzinfo=None)


def _zone() -> Any:
    return clock.zone(current_hospital().timezone)
