"""What the calendar reads: the appointments of some days, the counts of a month, whether anything is new."""

from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.admin.calendar.entries import Entries
from bookings.admin.calendar.fields import Fields
from bookings.admin.calendar.wire import Reply, wall_time
from bookings.models.appointment import STATUS_NAMES
from bookings.queries.calendar import (
    DayCount,
    Row,
    calendar_rows_for,
    calendar_version,
    day_counts_for,
    holidays_of,
)
from bookings.queries.catalogue import catalogue
from bookings.queries.closed import Closed, closed_spans
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from tenants.context import current_hospital

# Six weeks: what a month's page shows.
MOST_DAYS = 42
_CHOICES = [status.value for status in STATUS_NAMES if status is not Status.HELD]


def feed(actor: Actor, fields: Fields) -> Reply:
    """The appointments of some days and when practitioners are not at work."""
    first, last = fields.day("from"), fields.day("to")
    who, statuses = fields.ids("practitioner"), fields.words("status", _CHOICES)
    fields.check()
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InvalidInput(to=_("Ask for 42 days at most, the first one first."))
    # Before the rows: whatever changes in between is read again.
    version = calendar_version()
    rows = calendar_rows_for(actor, date_from=first, date_until=last, practitioner_ids=who, statuses=statuses)
    entries = Entries(actor)
    body = {
        "version": version,
        "today": _today().isoformat(),
        "events": [entries.entry(row) for row in rows],
        "closed": _closed(actor, who, rows, first, last),
    }
    return Reply(200, body)


def month(actor: Actor, fields: Fields) -> Reply:
    """How much there is on each day of a month."""
    first, who = fields.month("month"), fields.ids("practitioner")
    fields.check()
    last = first.replace(day=monthrange(first.year, first.month)[1])
    version, holidays = calendar_version(), holidays_of(first, last)
    counts = day_counts_for(actor, date_from=first, date_until=last, practitioner_ids=who)
    days = [_day(count, holidays.get(count.day)) for count in counts]
    return Reply(200, {"version": version, "today": _today().isoformat(), "days": days})


def version(_actor: Actor, _fields: Fields) -> Reply:
    """Whether anything is new."""
    return Reply(200, {"version": calendar_version()})


def _day(count: DayCount, holiday: str | None) -> dict[str, Any]:
    """`total` is what takes place: cancelled appointments are named beside it."""
    total = sum(many for status, many in count.by_status.items() if status != Status.CANCELLED)
    return {
        "date": count.day.isoformat(), "total": total, "by_status": count.by_status, "holiday": holiday
    }  # fmt: skip


def _closed(actor: Actor, who: list[UUID], rows: list[Row], first: date, last: date) -> list[dict[str, Any]]:
    present, zone = catalogue(), current_hospital().timezone
    # Who cannot be booked any more may be booked still.
    everybody = {*present.practitioners, *(str(row["practitioner_id"]) for row in rows)}
    shown = {str(key) for key in who} or everybody
    if not actor.can("appointments.read"):
        shown &= {str(actor.practitioner_id)}
    spans = closed_spans(present, sorted(shown), first, last, away=str(_("Time off")))
    return [_span(span, zone) for span in spans]


def _span(span: Closed, zone: str) -> dict[str, Any]:
    return {
        "practitioner_id": span.practitioner_id,
        "start": wall_time(clock.from_epoch(span.start), zone),
        "end": wall_time(clock.from_epoch(span.end), zone),
        "kind": span.kind,
        "title": span.title,
    }


def _today() -> date:
    return clock.today_in(current_hospital().timezone)
