"""Changes of hours, as somebody would have typed them."""

from datetime import time
from uuid import uuid4

import pytest

from bookings.actions.timetable import (
    AppointmentsHit,
    Choice,
    Decisions,
    Fate,
    save_change,
)
from bookings.actions.timetable_changes import (
    Dated,
    DatedChange,
    PresenceChange,
    WeekChange,
    stamp_of,
)
from bookings.models import (
    BatchItem,
)
from bookings.models.schedule import ExceptionKind
from bookings.rules.intervals import Interval
from tests.support.catalogue import coming_day

NINE, NOON, ONE, FIVE = time(9), time(12), time(13), time(17)
LEAVE = Choice(Fate.LEAVE)


def week_of(person, *spans, **validity):
    intervals = tuple(
        Interval(weekday=day, start=start, end=end, **validity) for day in range(7) for start, end in spans
    )
    return WeekChange(practitioner_id=str(person.pk), intervals=intervals, seen=stamp_of(person.pk))


def away(person, day, *, until=None, start=None, end=None, kind=ExceptionKind.TIME_OFF, **fields):
    row = Dated(kind=kind, date_from=day, date_until=until or day, start=start, end=end)
    return DatedChange(practitioner_id=str(person.pk), row_id=str(uuid4()), row=row, **fields)


def switched_off(person, **flags):
    flags = {"is_active": True, "is_bookable": True, **flags}
    return PresenceChange(practitioner_id=str(person.pk), seen=stamp_of(person.pk), **flags)


def hit_by(admin, change):
    with pytest.raises(AppointmentsHit) as caught:
        save_change(admin, change)
    return [hit.appointment.pk for hit in caught.value.hits]


def all_of(rows, fate=Fate.LEAVE, whom=None, **more):
    return Decisions(seen=frozenset(row.pk for row in rows), for_all=Choice(fate, whom), **more)


def spans_of(person):
    return sorted({(row.start_time, row.end_time) for row in person.weekly_hours.all()})


def items_of(batch):
    return sorted(BatchItem.objects.filter(batch=batch).values_list("subject_id", flat=True))


def changes_that_take_away(person):
    day = coming_day()
    return {
        "shorter": week_of(person, (time(10), NOON), (ONE, FIVE)),
        "break": week_of(person, (NINE, time(9, 15)), (time(9, 30), NOON), (ONE, FIVE)),
        "ended": week_of(person, (NINE, NOON), (ONE, FIVE), valid_until=coming_day(0)),
        "time off": away(person, day),
        "an hour off": away(person, day, start=time(8), end=time(9, 10)),
        "not bookable": switched_off(person, is_bookable=False),
        "gone": switched_off(person, is_active=False, is_bookable=False),
        "other clocks": switched_off(person, timezone="America/New_York"),
    }
