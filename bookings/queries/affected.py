"""Which coming appointments stand outside of working hours, by the very rules that offer times."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from bookings.models import Appointment, Holiday, Practitioner, ScheduleException, WeeklyHours
from bookings.models.schedule import ExceptionKind
from bookings.rules.hours import hours_until, local_day
from bookings.rules.policy import Refusal
from bookings.rules.rulebook import DatedWindow, PractitionerRules, RuleBook, Span, WeeklyWindow
from bookings.rules.statuses import RESCHEDULABLE
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

# A local date begins at most so long before or after that of another zone, and visits reach into the next.
_OTHER_ZONES = timedelta(days=2)
_WHOLE_DAY = 24 * 60


class Hit(NamedTuple):
    """A coming appointment that stands outside of the hours, and which of them it offends."""

    appointment: Appointment
    why: Refusal


def read_book(practitioner_ids: Iterable[object] | None = None) -> RuleBook:
    """When practitioners (all, unless some are named) take appointments, as the rows are now.

    Four statements. It knows no services, and nobody who cannot be booked: of them every time is outside.
    """
    people = Practitioner.objects.filter(is_active=True, is_bookable=True)
    if practitioner_ids is not None:
        people = people.filter(pk__in=list(practitioner_ids))
    zone = current_hospital().timezone
    first = clock.today_in(zone) - _OTHER_ZONES
    closed = Holiday.objects.filter(is_confirmed=True, date__gte=first).values_list("date", "name_en")
    return RuleBook(
        version=0,
        zone=zone,
        holidays=dict(closed),
        services={},
        practitioners={str(person.pk): rules_of(person, zone) for person in with_hours(people, first)},
    )


def with_hours(people: QuerySet[Practitioner], first: date) -> QuerySet[Practitioner]:
    """Practitioners with their weekly hours, and their exceptions that last to a day or longer."""
    lasting = ScheduleException.objects.filter(date_until__gte=first).order_by("date_from", "start_time")
    weekly = WeeklyHours.objects.order_by("weekday", "start_time")
    return people.prefetch_related(
        Prefetch("weekly_hours", queryset=weekly), Prefetch("exceptions", queryset=lasting)
    )


def rules_of(person: Practitioner, hospital_zone: str) -> PractitionerRules:
    """The hours of a practitioner whose rows have been read."""
    exceptions = list(person.exceptions.all())
    return PractitionerRules(
        id=str(person.pk),
        name_th=person.name_th,
        name_en=person.name_en,
        zone=person.timezone or hospital_zone,
        weekly=tuple(_weekly_window(row) for row in person.weekly_hours.all()),
        extra_hours=tuple(_dated(row) for row in exceptions if row.kind == ExceptionKind.EXTRA_HOURS),
        time_off=tuple(_dated(row) for row in exceptions if row.kind == ExceptionKind.TIME_OFF),
    )


def why_outside(book: RuleBook, practitioner_id: str, start: int, end: int) -> Refusal | None:
    """Which hours a visit between two instants (epoch seconds) offends, or None if it lies within them."""
    practitioner = book.practitioners.get(practitioner_id)
    if practitioner is None:
        return Refusal.OUTSIDE_HOURS
    day = local_day(practitioner.zone, start)
    work, away = hours_until(book, practitioner, day, end)
    if any(begin < end and start < until for begin, until in away):
        return Refusal.TIME_OFF
    if any(begin <= start and end <= until for begin, until in work):
        return None
    return Refusal.HOLIDAY if date.fromordinal(day) in book.holidays else Refusal.OUTSIDE_HOURS


def coming(
    practitioner_ids: Iterable[object], days: tuple[date, date] | None = None
) -> QuerySet[Appointment]:
    """Appointments yet to be kept, of all days or around some; what is overbooked stays on purpose."""
    rows = Appointment.objects.filter(
        practitioner_id__in=list(practitioner_ids),
        status__in=RESCHEDULABLE,
        overbooked=False,
        start__gt=clock.now(),
    )
    if days is not None:
        first, last = (datetime.combine(day, time(), clock.zone("UTC")) for day in days)
        rows = rows.filter(start__gte=first - _OTHER_ZONES, start__lt=last + _OTHER_ZONES)
    return rows.select_related("service", "practitioner", "patient").order_by("start", "pk")


def outside(book: RuleBook, rows: Iterable[Appointment]) -> list[Hit]:
    """Those of the appointments that stand outside of a book's hours, in their order."""
    return list(_judged(book, rows))


def outside_for(actor: Actor, practitioner: Practitioner, book: RuleBook) -> list[Hit]:
    """What stands outside of a practitioner's hours, as far as the actor may see appointments."""
    if not actor.can("appointments.read") and actor.practitioner_id != practitioner.pk:
        return []
    return outside(book, coming([practitioner.pk]))


def count_outside(book: RuleBook, practitioner_ids: Iterable[object]) -> dict[str, int]:
    """How many coming appointments of each practitioner stand outside of a book's hours. One statement."""
    counts: dict[str, int] = {}
    times = coming(practitioner_ids).select_related(None).values_list("practitioner_id", "start", "end")
    for whose, start, end in times.iterator():
        if why_outside(book, str(whose), clock.to_epoch(start), clock.to_epoch(end)) is not None:
            counts[str(whose)] = counts.get(str(whose), 0) + 1
    return counts


def count_expected(service_id: int, practitioner_ids: Iterable[object], since: datetime) -> dict[UUID, int]:
    """How many appointments of a service each practitioner has from an instant on, if any. One statement."""
    expected = Appointment.objects.filter(
        service_id=service_id,
        practitioner_id__in=list(practitioner_ids),
        status__in=RESCHEDULABLE,
        start__gte=since,
    )
    counted = expected.order_by().values_list("practitioner_id").annotate(Count("pk"))
    return dict(counted)


def _judged(book: RuleBook, rows: Iterable[Appointment]) -> Iterator[Hit]:
    for row in rows:
        start, end = clock.to_epoch(row.start), clock.to_epoch(row.end)
        if (why := why_outside(book, str(row.practitioner_id), start, end)) is not None:
            yield Hit(row, why)


def _weekly_window(row: WeeklyHours) -> WeeklyWindow:
    start, end = _span(row.start_time, row.end_time)
    return WeeklyWindow(row.weekday, start, end, row.valid_from, row.valid_until)


def _dated(row: ScheduleException) -> DatedWindow:
    start, end = _span(row.start_time, row.end_time)
    return DatedWindow(row.date_from, row.date_until, start, end)


def _span(start: time | None, end: time | None) -> Span:
    """Minutes since midnight; midnight as an end is the end of the day, as no end at all is."""
    return _minutes(start), _minutes(end) or _WHOLE_DAY


def _minutes(at: time | None) -> int:
    return 0 if at is None else at.hour * 60 + at.minute
