"""Which time of whom an event has made free."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bookings.events import BookingEvent
from bookings.models import HealthcareService
from bookings.rules.statuses import OCCUPYING
from core import clock
from events.models import Event
from tenants.context import current_hospital

FREEING = (
    BookingEvent.CANCELLED,
    BookingEvent.RESCHEDULED,
    BookingEvent.STATUS_CHANGED,
    BookingEvent.RELEASED,
    BookingEvent.HOLD_EXPIRED,
)


@dataclass(frozen=True, slots=True)
class Freed:
    """The time of a practitioner that became free, with the buffers of the visit that was there."""

    practitioner_id: str
    begin: datetime
    until: datetime

    def days(self) -> tuple[date, date]:
        """The first and the last date of it, on the hospital's clocks."""
        return _local_date(self.begin), _local_date(self.until)


class FreedSlot(NamedTuple):
    """What was there: a visit of a service at a start."""

    service_id: int
    practitioner_id: str
    start: datetime

    def around(self) -> tuple[date, date]:
        """Dates between which the visit lies with its buffers, found without asking how long they are."""
        day = _local_date(self.start)
        return day - timedelta(days=1), day + timedelta(days=1)

    def with_buffers(self) -> Freed:
        """The time that it took, by what the service takes today, be it offered or not."""
        service = HealthcareService.objects.get(pk=self.service_id)
        begin = self.start - timedelta(minutes=service.buffer_before)
        until = self.start + timedelta(minutes=service.duration_minutes + service.buffer_after)
        return Freed(self.practitioner_id, begin, until)


def slot_freed_by(event: Event) -> FreedSlot | None:
    """The slot that an event has freed, if it has: where a visit was before, or would have been."""
    data, changes = event.data, event.changes
    if event.type not in FREEING or "start" not in data:
        return None
    if event.type == BookingEvent.STATUS_CHANGED and changes["status"][1] in OCCUPYING:
        return None
    start = changes.get("start", [data["start"]])[0]
    whose = changes.get("practitioner", [data["provider_id"]])[0]
    return FreedSlot(data["event_type_id"], whose, datetime.fromisoformat(str(start)))


def _local_date(moment: datetime) -> date:
    return moment.astimezone(clock.zone(current_hospital().timezone)).date()
