"""A hospital in some days: patients, doctors, appointments, revenue, ratings, beside the days before."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from analytics.figures import Dashboard, Money, Ratings, Statistics, Stretch, Visits, rounded
from analytics.queries.grants import asked_span, require_all
from analytics.queries.sql import SPANS, VISITS, rows, span_rows
from analytics.spans import Span
from bookings.models import Source
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

STATUSES = tuple(status.value for status in Status if status is not Status.HELD)
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_MONTH, _WEEK = timedelta(days=29), timedelta(days=7)

_COUNTS = f"SELECT s.n, a.status, a.source, count(*) FROM {VISITS} GROUP BY 1, 2, 3"  # noqa: S608  -- names of ours alone
_REVENUE = f"""
SELECT s.n, v.currency, sum(v.price) FROM {VISITS} AND a.status = 'COMPLETED'
JOIN bookings_healthcareservice v ON v.id = a.service_id AND v.price IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608  -- names of ours alone
_PEOPLE = f"""
SELECT s.n,
  count(DISTINCT a.patient_id) FILTER (WHERE a.status = 'COMPLETED'),
  count(DISTINCT p.id) FILTER (WHERE a.status <> 'CANCELLED'),
  avg(r.rating), count(r.rating)
FROM {VISITS}
LEFT JOIN bookings_practitioner p ON p.id = a.practitioner_id AND p.kind = 'DOCTOR'
LEFT JOIN bookings_rating r ON r.appointment_id = a.id
GROUP BY 1
"""  # noqa: S608  -- names of ours alone
_NEW_PATIENTS = f"""
SELECT s.n, (SELECT count(*) FROM bookings_patient WHERE created_at >= s.begin AND created_at < s.until)
FROM {SPANS}
"""  # noqa: S608  -- names of ours alone
_CLOCKS = f"""
SELECT extract(isodow FROM a.start AT TIME ZONE %(zone)s)::int,
       extract(hour FROM a.start AT TIME ZONE %(zone)s)::int, count(*)
FROM {VISITS} AND a.status <> 'CANCELLED' GROUP BY 1, 2
"""  # noqa: S608  -- names of ours alone
_TOTALS = """
SELECT (SELECT count(*) FROM bookings_patient WHERE created_at < %(until)s),
       (SELECT count(*) FROM bookings_practitioner WHERE kind = 'DOCTOR' AND is_active)
"""


def hospital_statistics(actor: Actor, *, date_from: date, date_to: date) -> Statistics:
    """The hospital at hand from one local date to another, both inclusive, 366 days at most.

    Revenue is what completed visits cost at the present prices of their services. Patients in all are those
    who were registered by the end of the last day; doctors are those who are active now. Six statements.
    Raises `InvalidInput`.
    """
    require_all(actor)
    return statistics_of(asked_span(date_from, date_to))


def statistics_of(span: Span) -> Statistics:
    """The same without asking who asks."""
    zone = current_hospital().timezone
    now, before = stretches((span, span.before()), zone)
    weekdays, hours = _clocks(span, zone)
    [(patients, doctors)] = rows(_TOTALS, {"until": span.moments(zone)[1]})
    return Statistics(
        zone=zone,
        now=now,
        before=before,
        patients_total=patients,
        doctors_active=doctors,
        by_weekday=weekdays,
        by_hour=hours,
    )


def dashboard(actor: Actor) -> Dashboard:
    """Today, the seven days to come, and the last 30 days beside the 30 before. Ten statements."""
    require_all(actor)
    zone = current_hospital().timezone
    today = clock.today_in(zone)
    now, coming = stretches((Span(today, today), Span(today + timedelta(days=1), today + _WEEK)), zone)
    month = statistics_of(Span(today - _MONTH, today))
    return Dashboard(zone=zone, today=now, coming=coming, month=month)


def stretches(spans: Sequence[Span], zone: str) -> list[Stretch]:
    """What happened in each of some spans. Four statements."""
    asked = span_rows(spans, zone)
    by_status = [dict.fromkeys(STATUSES, 0) for _ in spans]
    by_source = [dict.fromkeys(Source.values, 0) for _ in spans]
    for number, status, source, count in rows(_COUNTS, asked):
        by_status[number][status] += count
        by_source[number][source] += count
    revenue = revenue_in(spans, zone)
    people = {number: rest for number, *rest in rows(_PEOPLE, asked)}
    new: dict[int, int] = dict(rows(_NEW_PATIENTS, asked))
    return [
        _stretch(
            span, Visits(by_status=by_status[n], by_source=by_source[n]), revenue[n], new[n], people.get(n)
        )
        for n, span in enumerate(spans)
    ]


def revenue_in(spans: Sequence[Span], zone: str) -> list[list[Money]]:
    """What the completed visits of each of some spans cost at present prices, by currency. One statement."""
    revenue: list[list[Money]] = [[] for _ in spans]
    for number, currency, amount in rows(_REVENUE, span_rows(spans, zone)):
        revenue[number].append(Money(currency, amount))
    return revenue


def _stretch(span: Span, visits: Visits, revenue: list[Money], new: int, people: list[Any] | None) -> Stretch:
    seen, doctors, rating, ratings = people or (0, 0, None, 0)
    return Stretch(
        span=span,
        visits=visits,
        revenue=revenue,
        patients_new=new,
        patients_seen=seen,
        doctors_seeing=doctors,
        ratings=Ratings(rounded(rating), ratings),
    )


def _clocks(span: Span, zone: str) -> tuple[dict[str, int], dict[str, int]]:
    """How many visits start on which weekday and in which hour, as the hospital's clocks show it."""
    weekdays = dict.fromkeys(WEEKDAYS, 0)
    hours = {f"{hour:02}:00": 0 for hour in range(24)}
    for weekday, hour, count in rows(_CLOCKS, {**span_rows((span,), zone), "zone": zone}):
        weekdays[WEEKDAYS[weekday - 1]] += count
        hours[f"{hour:02}:00"] += count
    return weekdays, hours
