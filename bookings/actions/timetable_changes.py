"""What can be changed about when practitioners take appointments: each change as a value that knows its rows.

Nothing here asks what becomes of the appointments: that is `bookings.actions.timetable`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from hashlib import sha256
from typing import ClassVar, Self, TypeAlias
from uuid import UUID
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from bookings.actions.schedules import confirm_holidays, unconfirm_holidays
from bookings.errors import DoctorNotFound
from bookings.events import BookingEvent
from bookings.models import Holiday, Practitioner, PractitionerKind, ScheduleException, WeeklyHours
from bookings.models.schedule import ExceptionKind
from bookings.rules.intervals import Interval, ends_after, overlapping
from core.actor import Actor
from core.errors import DomainError, InvalidInput, Kind
from events.outbox import record
from subscriptions.limits import take_room
from tenants.context import current_hospital

SCHEDULE_CHANGED = "schedule.changed"
ENDS_BEFORE_START = _("The end must be after the start.")
DAYS_TURNED_ROUND = _("The last day must not be before the first.")
OVERLAPPING = _("Intervals of one day must not overlap.")


class HoursChangedMeanwhile(DomainError):
    """Somebody else has changed the same practitioner's hours since they were read; nothing was saved."""

    kind = Kind.CONFLICT
    reason = "hours_changed_meanwhile"
    text = _("Somebody else has changed these hours meanwhile. Please look again; nothing was saved.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Time off or extra hours on each date from one to another; without times the whole day."""

    kind: ExceptionKind
    date_from: date
    date_until: date
    start: time | None = None
    end: time | None = None
    note: str = ""


def stamp_of(practitioner_id: UUID | str) -> str:
    """A stamp of everything that decides when a practitioner works. Raises `DoctorNotFound`."""
    whose = {"practitioner_id": practitioner_id}
    facts = Practitioner.objects.filter(pk=practitioner_id).values_list(
        "is_active", "is_bookable", "timezone"
    )
    if not (person := list(facts)):
        raise DoctorNotFound
    weekly = sorted(map(repr, WeeklyHours.objects.filter(**whose).values_list(*_WEEKLY)))
    dated = sorted(map(repr, ScheduleException.objects.filter(**whose).values_list("pk", *_DATED)))
    return sha256(repr([person, weekly, dated]).encode()).hexdigest()[:32]


_WEEKLY = ("weekday", "start_time", "end_time", "valid_from", "valid_until")
_DATED = ("kind", "date_from", "date_until", "start_time", "end_time", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfOne:
    """A change of one practitioner's hours.

    `seen` is the stamp of what was read before it was thought of, or empty where that does not matter.
    """

    verb: ClassVar[str] = "schedules.write"
    practitioner_id: str
    seen: str = ""

    def whom(self) -> list[str]:
        """Ids of the practitioners whose hours it changes."""
        return [self.practitioner_id]

    def days(self) -> tuple[date, date] | None:
        """Around which dates it changes them: any."""
        return None

    def stamp(self) -> str:
        """What `seen` must be, so that it changes what was read. Raises `DoctorNotFound`."""
        return stamp_of(self.practitioner_id)

    def note(self, actor: Actor, rows: str, **counts: int) -> None:
        """Record what was done to how many rows, unless nothing was."""
        told = {"added": 0, "changed": 0, "removed": 0, **counts}
        if any(told.values()):
            record(
                actor, SCHEDULE_CHANGED, subject_type="provider", subject_id=self.practitioner_id,
                data={"rows": rows, **told},
            )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChange(_OfOne):
    """All weekly hours of a practitioner, in place of those that there are."""

    intervals: tuple[Interval, ...]

    def check(self) -> None:
        """Refuse intervals that end before they start, and those that overlap."""
        for one in self.intervals:
            if not ends_after(one.start, one.end):
                raise InvalidInput(intervals=ENDS_BEFORE_START)
            if one.valid_from and one.valid_until and one.valid_until < one.valid_from:
                raise InvalidInput(intervals=DAYS_TURNED_ROUND)
        if overlapping(self.intervals) is not None:
            raise InvalidInput(intervals=OVERLAPPING)

    def write(self, actor: Actor) -> Self:
        """Remove and add what differs; rows that stay keep their ids."""
        there = list(WeeklyHours.objects.filter(practitioner_id=self.practitioner_id))
        before = [_interval(row) for row in there]
        missing = Counter(self.intervals) - Counter(before)
        spare = Counter(before) - Counter(self.intervals)
        gone = _take(spare, there)
        WeeklyHours.objects.filter(pk__in=gone).delete()
        WeeklyHours.objects.bulk_create(self._row(one) for one in missing.elements())
        self.note(actor, "weekly_hours", added=missing.total(), removed=len(gone))
        return type(self)(practitioner_id=self.practitioner_id, intervals=tuple(before))

    def _row(self, one: Interval) -> WeeklyHours:
        return WeeklyHours(
            practitioner_id=self.practitioner_id,
            weekday=one.weekday,
            start_time=one.start,
            end_time=one.end,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedChange(_OfOne):
    """One time off, or extra hours: added or changed to be `row`, or deleted where that is None.

    The id is made by whoever asks, so that what is sent twice is added once.
    """

    row_id: str
    row: Dated | None

    def check(self) -> None:
        """Refuse days and times that are turned round, and half a pair of times."""
        if self.row is None:
            return
        if self.row.date_until < self.row.date_from:
            raise InvalidInput(date_until=DAYS_TURNED_ROUND)
        if (self.row.start is None) != (self.row.end is None):
            raise InvalidInput(end=_("Give both times or neither."))
        if self.row.start and self.row.end and not ends_after(self.row.start, self.row.end):
            raise InvalidInput(end=ENDS_BEFORE_START)

    def write(self, actor: Actor) -> Self:
        """Add, change or delete the row; raises `HoursChangedMeanwhile` for one that is another's."""
        there = ScheduleException.objects.filter(pk=self.row_id).first()
        before = None if there is None else _dated(there)
        is_anothers = there is not None and str(there.practitioner_id) != self.practitioner_id
        if is_anothers or (before is not None and not self.seen and before != self.row):
            raise HoursChangedMeanwhile
        if self.row is None:
            ScheduleException.objects.filter(pk=self.row_id).delete()
            self.note(actor, "exceptions", removed=int(there is not None))
        elif self.row != before:
            self._put(self.row, there)
            self.note(actor, "exceptions", **{"added" if there is None else "changed": 1})
        return type(self)(practitioner_id=self.practitioner_id, row_id=self.row_id, row=before)

    def _put(self, row: Dated, there: ScheduleException | None) -> None:
        saved = there or ScheduleException(pk=self.row_id, practitioner_id=self.practitioner_id)
        saved.kind, saved.date_from, saved.date_until = row.kind, row.date_from, row.date_until
        saved.start_time, saved.end_time, saved.note = row.start, row.end, row.note
        saved.save(force_insert=there is None, force_update=there is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChange(_OfOne):
    """Whether a practitioner works here at all and can be booked, and on which clocks the hours are told."""

    verb: ClassVar[str] = "practitioners.write"
    is_active: bool
    is_bookable: bool
    timezone: str = ""

    def check(self) -> None:
        """Refuse a zone that does not exist."""
        if self.timezone and self.timezone not in available_timezones():
            raise InvalidInput(timezone=_("This is not a time zone such as Asia/Bangkok."))

    def write(self, actor: Actor) -> Self:
        """Save what differs. Raises what `subscriptions.limits.take_room` does for one doctor too many."""
        person = Practitioner.objects.select_for_update(no_key=True).get(pk=self.practitioner_id)
        names = ("is_active", "is_bookable", "timezone")
        before = {name: getattr(person, name) for name in names}
        changes = {
            name: [before[name], getattr(self, name)] for name in names if before[name] != getattr(self, name)
        }
        if changes:
            if person.kind == PractitionerKind.DOCTOR and self.is_active and not person.is_active:
                take_room(current_hospital(), "doctors")
            for name, (_old, new) in changes.items():
                setattr(person, name, new)
            person.save(update_fields=[*changes, "updated_at"])
            record(
                actor, BookingEvent.PROVIDER_CHANGED, subject_type="provider", subject_id=person.pk,
                changes=changes, data={"how": "changed", "fields": sorted(changes)},
            )  # fmt: skip
        return type(self)(practitioner_id=self.practitioner_id, **before)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaysChange:
    """Some holidays confirmed, so that the hospital is closed on them, or not any more."""

    verb: ClassVar[str] = "holidays.write"
    ids: tuple[str, ...]
    is_confirmed: bool = True
    seen: str = ""

    def whom(self) -> list[str]:
        """Everybody: the hospital is closed to all."""
        active = Practitioner.objects.filter(is_active=True, is_bookable=True)
        return sorted(str(key) for key in active.values_list("pk", flat=True))

    def days(self) -> tuple[date, date] | None:
        """From the first to the last of the holidays."""
        dates = sorted(Holiday.objects.filter(pk__in=self.ids).values_list("date", flat=True))
        return (dates[0], dates[-1]) if dates else None

    def check(self) -> None:
        """Any choice of holidays is right."""

    def stamp(self) -> str:
        """Which of them there are, and which are confirmed."""
        rows = (
            Holiday.objects.filter(pk__in=self.ids).order_by("pk").values_list("pk", "date", "is_confirmed")
        )
        return sha256(repr(list(rows)).encode()).hexdigest()[:32]

    def write(self, actor: Actor) -> Self:
        """Confirm those that are not, or the other way about; only these are taken back."""
        differ = Holiday.objects.filter(pk__in=self.ids, is_confirmed=not self.is_confirmed)
        ids = tuple(str(key) for key in differ.values_list("pk", flat=True))
        (confirm_holidays if self.is_confirmed else unconfirm_holidays)(actor, ids=map(UUID, ids))
        return type(self)(ids=ids, is_confirmed=not self.is_confirmed)


Change: TypeAlias = WeekChange | DatedChange | PresenceChange | HolidaysChange


def _take(spare: Counter[Interval], rows: Iterable[WeeklyHours]) -> list[UUID]:
    """The ids of so many rows of each interval as are to spare."""
    gone = []
    for row in rows:
        one = _interval(row)
        if spare[one] > 0:
            spare[one] -= 1
            gone.append(row.pk)
    return gone


def _interval(row: WeeklyHours) -> Interval:
    return Interval(
        weekday=row.weekday,
        start=row.start_time,
        end=row.end_time,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _dated(row: ScheduleException) -> Dated:
    return Dated(
        kind=ExceptionKind(row.kind),
        date_from=row.date_from,
        date_until=row.date_until,
        start=row.start_time,
        end=row.end_time,
        note=row.note,
    )
