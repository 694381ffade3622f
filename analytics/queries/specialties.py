"""How much each specialty is asked for, how long people wait for it, how full its practitioners are."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from analytics.figures import Demand, Demands, Report, rounded
from analytics.queries.grants import asked_span, require_all
from analytics.queries.hours import offered_minutes
from analytics.queries.sql import VISITS, rows, span_rows
from analytics.queries.statistics import statistics_of
from analytics.queries.work import booked_minutes, doctors_work
from analytics.spans import Period, Span, rolling
from bookings.models import Practitioner, Specialty
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

# `n` is 0 for the days that are asked for and 1 for those before.
_DEMAND = f"""
SELECT v.specialty_id,
  count(*) FILTER (WHERE s.n = 0),
  count(*) FILTER (WHERE s.n = 1),
  count(*) FILTER (WHERE s.n = 0 AND a.status = 'COMPLETED'),
  count(*) FILTER (WHERE s.n = 0 AND a.status = 'CANCELLED'),
  count(*) FILTER (WHERE s.n = 0 AND a.status = 'NO_SHOW'),
  avg(greatest(extract(epoch FROM a.start - a.created_at), 0) / 86400)
    FILTER (WHERE s.n = 0 AND a.status <> 'CANCELLED')
FROM {VISITS}
JOIN bookings_healthcareservice v ON v.id = a.service_id
GROUP BY 1
"""  # noqa: S608  -- names of ours alone
# Who was called in has been checked in before, perhaps twice (a no-show who came after all): the last time.
_WAITING = """
SELECT v.specialty_id, avg(extract(epoch FROM e.called - e.came) / 60), count(*)
FROM bookings_appointment a
JOIN bookings_healthcareservice v ON v.id = a.service_id
CROSS JOIN LATERAL (
  SELECT max(occurred_at) FILTER (WHERE changes->'status'->>1 = 'CHECKED_IN') AS came,
         max(occurred_at) FILTER (WHERE changes->'status'->>1 = 'IN_PROGRESS') AS called
  FROM events_event
  WHERE subject_type = 'appointment' AND subject_id = a.id::text AND type = 'booking.status_changed'
) e
WHERE a.start >= %(begin)s AND a.start < %(until)s AND a.status IN ('IN_PROGRESS', 'COMPLETED')
  AND e.called >= e.came
GROUP BY 1
"""

_NOTHING: tuple[int, int, int, int, int, None] = (0, 0, 0, 0, 0, None)


def specialty_demand(actor: Actor, *, period: Period) -> Demands:
    """Each specialty in the days up to today: 1, 7, 30, 91 or 365 of them, beside as many before.

    Lead time is from booking to visit, waiting time from checking in to being called in, utilisation that of
    the active practitioners who have the specialty, whatever they were booked for. Nine statements.
    """
    require_all(actor)
    zone = current_hospital().timezone
    span = rolling(period, clock.today_in(zone))
    return Demands(zone=zone, span=span, specialties=demand_in(span, zone))


def reports(actor: Actor, *, date_from: date, date_to: date) -> Report:
    """The hospital, each practitioner and each specialty from one local date to another, 366 days at most.

    Some 22 statements, whatever there is. Raises `InvalidInput`.
    """
    require_all(actor)
    span, zone = asked_span(date_from, date_to), current_hospital().timezone
    return Report(
        statistics=statistics_of(span), doctors=doctors_work(span, zone), specialties=demand_in(span, zone)
    )


def demand_in(span: Span, zone: str) -> list[Demand]:
    """Each specialty in some days, the one that is asked for most first."""
    asked = span_rows((span, span.before()), zone)
    begin, until = span.moments(zone)
    counted = {key: rest for key, *rest in rows(_DEMAND, asked)}
    waited = {key: rest for key, *rest in rows(_WAITING, {"begin": begin, "until": until})}
    used = _usage(span, zone)
    found = [
        _demand(row, counted.get(row.pk), waited.get(row.pk), used[row.pk])
        for row in Specialty.objects.all()
        if row.is_active or row.pk in counted
    ]
    if None in counted:
        found.append(_demand(None, counted[None], waited.get(None), (0, 0)))
    return sorted(found, key=lambda one: (-one.appointments, one.code))


def _demand(
    row: Specialty | None, counted: list[Any] | None, waited: list[Any] | None, used: tuple[int, int]
) -> Demand:
    now, before, completed, cancelled, missed, lead = counted or _NOTHING
    waiting, measured = waited or (None, 0)
    return Demand(
        specialty_id=row.pk if row is not None else None,
        code=row.code if row is not None else "",
        name=row.name if row is not None else "",
        appointments=now,
        before=before,
        completed=completed,
        cancelled=cancelled,
        no_shows=missed,
        lead_days=rounded(lead),
        waiting_minutes=rounded(waiting),
        waits_measured=measured,
        booked_minutes=used[0],
        offered_minutes=used[1],
    )


def _usage(span: Span, zone: str) -> dict[UUID, tuple[int, int]]:
    """Booked and offered minutes of the active practitioners of each specialty."""
    practises = Practitioner.objects.filter(is_active=True, is_bookable=True, specialties__isnull=False)
    pairs = list(practises.values_list("pk", "specialties__pk"))
    who = {key for key, _specialty in pairs}
    booked = booked_minutes({**span_rows((span,), zone), "who": list(who)})
    offered = offered_minutes(zone, [span], who)
    used: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for key, specialty in pairs:
        so_far = used[specialty]
        used[specialty] = (so_far[0] + booked.get((key, 0), 0), so_far[1] + offered[key][0])
    return used
