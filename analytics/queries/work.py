"""What practitioners did: one over a series of periods, or all of them in some days."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from analytics.figures import DoctorsWork, Performance, Work, rounded
from analytics.queries.grants import require_one
from analytics.queries.hours import offered_minutes
from analytics.queries.sql import VISITS, rows, span_rows
from analytics.spans import Period, Span, series
from bookings.errors import DoctorNotFound
from bookings.models import Practitioner, PractitionerKind
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

_COUNTS = f"""
SELECT s.n, a.practitioner_id,
  count(*) FILTER (WHERE a.status = 'COMPLETED'),
  count(DISTINCT a.patient_id) FILTER (WHERE a.status = 'COMPLETED'),
  count(*) FILTER (WHERE a.status = 'NO_SHOW'),
  count(*) FILTER (WHERE a.status = 'CANCELLED'),
  avg(r.rating), count(r.rating)
FROM {VISITS} AND a.practitioner_id = ANY(%(who)s)
LEFT JOIN bookings_rating r ON r.appointment_id = a.id
GROUP BY 1, 2
"""  # noqa: S608  -- names of ours alone
# People of a group share their minutes, and a no-show's time may have been given to another: what overlaps
# is counted once.
_BOOKED = f"""
SELECT n, practitioner_id, round(sum(extract(epoch FROM upper(piece) - lower(piece))) / 60)::int
FROM (
  SELECT s.n, a.practitioner_id, unnest(range_agg(a.period)) AS piece
  FROM {VISITS} AND a.status <> 'CANCELLED' AND a.practitioner_id = ANY(%(who)s)
  GROUP BY 1, 2
) pieces GROUP BY 1, 2
"""  # noqa: S608  -- names of ours alone

Minutes = dict[UUID, list[int]]


def doctor_performance(actor: Actor, *, practitioner_id: UUID, period: Period) -> Performance:
    """One practitioner in the present period of the calendar as far as today, and in those before.

    Booked is what was not cancelled, no-shows included; offered are the hours less time off and holidays.
    Seven statements. Raises `DoctorNotFound`.
    """
    require_one(actor, practitioner_id)
    who = Practitioner.objects.filter(pk=practitioner_id).first()
    if who is None:
        raise DoctorNotFound
    zone = current_hospital().timezone
    spans = series(period, clock.today_in(zone))
    *past, current = work_of([who.pk], spans, zone)[who.pk]
    return Performance(
        practitioner_id=who.pk, name=who.name, zone=zone, period=period, current=current, series=past
    )


def doctors_work(span: Span, zone: str) -> list[DoctorsWork]:
    """Everybody who is active, but no rooms, in some days. Seven statements."""
    people = list(
        Practitioner.objects.filter(is_active=True)
        .exclude(kind=PractitionerKind.ROOM)
        .order_by("name_en", "pk")
    )
    work = work_of([each.pk for each in people], [span], zone)
    return [
        DoctorsWork(practitioner_id=each.pk, name=each.name, kind=each.kind, work=work[each.pk][0])
        for each in people
    ]


def work_of(who: Collection[UUID], spans: Sequence[Span], zone: str) -> dict[UUID, list[Work]]:
    """What each of some practitioners did in each of some spans, which are in order. Six statements."""
    asked = {**span_rows(spans, zone), "who": list(who)}
    booked = booked_minutes(asked)
    offered = offered_minutes(zone, spans, who)
    counted = {(key, n): rest for n, key, *rest in rows(_COUNTS, asked)}
    return {
        key: [
            _work(span, counted.get((key, n)), booked.get((key, n), 0), offered[key][n])
            for n, span in enumerate(spans)
        ]
        for key in who
    }


def booked_minutes(asked: dict[str, Any]) -> dict[tuple[UUID, int], int]:
    """By practitioner and number of the span: the minutes in which at least one visit is booked."""
    return {(key, number): minutes for number, key, minutes in rows(_BOOKED, asked)}


def _work(span: Span, counted: list[Any] | None, booked: int, offered: int) -> Work:
    completed, seen, missed, cancelled, rating, ratings = counted or (0, 0, 0, 0, None, 0)
    return Work(
        span=span,
        completed=completed,
        patients_seen=seen,
        no_shows=missed,
        cancelled=cancelled,
        average_rating=rounded(rating),
        ratings=ratings,
        booked_minutes=booked,
        offered_minutes=offered,
    )
