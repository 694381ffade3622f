"""What a calendar shows: appointments of some days as plain rows, counts of a month, and its version.

Rows are dicts and not models: a day of a large hospital has hundreds, and none of them is worked on alone.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import TruncDate

from bookings.models import Appointment, Holiday
from bookings.models.catalogue import LONGEST_VISIT
from bookings.models.naming import in_language
from bookings.queries.appointments import appointments_for
from bookings.rules.slots import range_instants
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

# What a row holds; names in both languages, as the reader's decides later.
_FIELDS = (
    "id", "reference", "practitioner_id", "practitioner__name_th", "practitioner__name_en", "service_id",
    "service__name_th", "service__name_en", "start", "end", "status", "source", "guest_name", "guest_phone",
    "patient__hospital_number", "queue_number", "overbooked", "overbook_reason", "status_before",
    "status_changed_at", "has_note",
)  # fmt: skip

Row = dict[str, Any]
# Ids are given out in one order and transactions end in another: the count tells of an event that came late,
# below one that was there already. Only one that stays open while as many others are written as the window
# holds could be missed.
_WINDOW = 1000
_VERSION = """
SELECT version, last, (SELECT count(*) FROM events_event WHERE id > last - %s)
FROM bookings_rulesversion, (SELECT coalesce(max(id), 0) AS last FROM events_event) AS newest
"""


class DayCount(NamedTuple):
    """How many appointments start on a day of the hospital, by status."""

    day: date
    by_status: dict[str, int]


def calendar_version() -> str:
    """A text that is another one whenever what a calendar shows may have changed. One statement.

    Every change of an appointment, a patient or the schedule writes an event or renews the rules' version,
    whichever door it came in by. It may change more often than what is shown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [_WINDOW])
        [(rules, last, count)] = cursor.fetchall()
    return f"{last:x}-{count:x}-{rules & 0xFFFFFFFFFFFFFFFF:x}"


def calendar_rows_for(
    actor: Actor,
    *,
    date_from: date,
    date_until: date,
    practitioner_ids: Collection[UUID] = (),
    statuses: Collection[str] = (),
) -> list[Row]:
    """Appointments that the actor may see and that touch some days of the hospital, both inclusive.

    In the order of their starts, one statement. Nothing given stands for everybody and every status.
    """
    begin, until = _instants(date_from, date_until)
    found = appointments_for(actor).filter(
        start__gte=begin - timedelta(minutes=LONGEST_VISIT), start__lt=until, end__gt=begin
    )
    return list(_plain(_chosen(found, practitioner_ids, statuses)).order_by("start", "id"))


def calendar_row_for(actor: Actor, appointment_id: UUID) -> Row | None:
    """One appointment in the same form, or None where the actor may see none of that id."""
    return _plain(appointments_for(actor).filter(pk=appointment_id)).first()


def day_counts_for(
    actor: Actor, *, date_from: date, date_until: date, practitioner_ids: Collection[UUID] = ()
) -> list[DayCount]:
    """How many appointments start on each of some days of the hospital, by status. One statement."""
    begin, until = _instants(date_from, date_until)
    found = _chosen(appointments_for(actor).filter(start__gte=begin, start__lt=until), practitioner_ids, ())
    counted = (
        found.order_by()
        .annotate(day=TruncDate("start", tzinfo=clock.zone(current_hospital().timezone)))
        .values_list("day", "status")
        .annotate(count=Count("id"))
    )
    days: dict[date, dict[str, int]] = {
        date_from + timedelta(days=ahead): {} for ahead in range((date_until - date_from).days + 1)
    }
    for day, status, count in counted:
        days[day][status] = count
    return [DayCount(day, by_status) for day, by_status in days.items()]


def holidays_of(date_from: date, date_until: date) -> dict[date, str]:
    """The confirmed holidays of some days, named in the reader's language. One statement."""
    rows = Holiday.objects.filter(is_confirmed=True, date__range=(date_from, date_until))
    return {day: in_language(th, en) for day, th, en in rows.values_list("date", "name_th", "name_en")}


def _chosen(
    found: QuerySet[Appointment], practitioner_ids: Collection[UUID], statuses: Collection[str]
) -> QuerySet[Appointment]:
    if practitioner_ids:
        found = found.filter(practitioner_id__in=practitioner_ids)
    return found.filter(status__in=statuses) if statuses else found


def _plain(found: QuerySet[Appointment]) -> QuerySet[Appointment, Row]:
    has_note = ExpressionWrapper(~Q(notes=""), output_field=BooleanField())
    rows: QuerySet[Appointment, Row] = found.select_related(None).annotate(has_note=has_note).values(*_FIELDS)
    return rows


def _instants(date_from: date, date_until: date) -> tuple[datetime, datetime]:
    begin, until = range_instants(current_hospital().timezone, date_from, date_until)
    return clock.from_epoch(begin), clock.from_epoch(until)
