"""The figures of the admin's front page: of the whole hospital, or of one practitioner."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from analytics.figures import Money, Visits, share
from analytics.queries.hours import offered_minutes
from analytics.queries.sql import VISITS, rows, span_rows
from analytics.queries.statistics import STATUSES, revenue_in
from analytics.queries.work import booked_minutes
from analytics.spans import Span
from bookings.models import Practitioner, PractitionerKind, Source
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

# Days, today included: the no-show rate and the channels, and the weeks that tell the busiest hours.
RATE_DAYS, HEAT_DAYS = 30, 56
_WEEK = 7

_OF_WHOM = "(%(whose)s::uuid IS NULL OR a.practitioner_id = %(whose)s::uuid)"
_COUNTS = f"""
SELECT s.n, a.status, a.source, count(*) FROM {VISITS} AND {_OF_WHOM} GROUP BY 1, 2, 3
"""  # noqa: S608  -- names of ours alone
_HEAT = f"""
SELECT extract(isodow FROM a.start AT TIME ZONE %(zone)s)::int,
       extract(hour FROM a.start AT TIME ZONE %(zone)s)::int, count(*)
FROM {VISITS} AND a.status <> 'CANCELLED' AND {_OF_WHOM} GROUP BY 1, 2
"""  # noqa: S608  -- names of ours alone
_PEOPLE = """
SELECT (SELECT count(*) FROM bookings_patient WHERE is_active),
       (SELECT count(*) FROM bookings_practitioner WHERE kind = 'DOCTOR' AND is_active)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How much of what a practitioner offers in a week is booked, in minutes."""

    practitioner_id: UUID
    name: str
    booked: int
    offered: int

    @property
    def share(self) -> float | None:
        """The booked share; above 1 where visits lie outside of the hours, None where nothing is offered."""
        return share(self.booked, self.offered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What concerns the whole hospital: money, and how many people."""

    revenue: list[Money]
    patients: int
    doctors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """Figures of the last 30 days beside the 30 before, and of the present week.

    `heat` counts the visits of the last 56 days that were not cancelled: by weekday (0 is Monday) and hour.
    `totals` is None for who sees their own figures alone.
    """

    now: Visits
    before: Visits
    heat: list[list[int]]
    week: Span
    use: list[Use]
    totals: Totals | None


def front_page_for(actor: Actor) -> FrontPage | None:
    """What the actor may see: everybody's figures, their own, or None. Nine statements at most."""
    sees_all = actor.can("analytics.read")
    if not sees_all and (actor.practitioner_id is None or not actor.can("analytics.read_own")):
        return None
    whose = None if sees_all else actor.practitioner_id
    zone = current_hospital().timezone
    today = clock.today_in(zone)
    now, before = _visits(today, zone, whose)
    monday = today - timedelta(days=today.weekday())
    week = Span(monday, monday + timedelta(days=_WEEK - 1))
    return FrontPage(
        now=now,
        before=before,
        heat=_heat(today, zone, whose),
        week=week,
        use=_use(week, zone, whose),
        totals=_totals(today, zone) if sees_all else None,
    )


def _visits(today: date, zone: str, whose: UUID | None) -> list[Visits]:
    last = Span(today - timedelta(days=RATE_DAYS - 1), today)
    by_status = [dict.fromkeys(STATUSES, 0) for _ in range(2)]
    by_source = [dict.fromkeys(Source.values, 0) for _ in range(2)]
    asked = {**span_rows((last, last.before()), zone), "whose": whose}
    for number, status, source, count in rows(_COUNTS, asked):
        by_status[number][status] += count
        by_source[number][source] += count
    return [Visits(by_status=by_status[n], by_source=by_source[n]) for n in range(2)]


def _heat(today: date, zone: str, whose: UUID | None) -> list[list[int]]:
    span = Span(today - timedelta(days=HEAT_DAYS - 1), today)
    heat = [[0] * 24 for _ in range(_WEEK)]
    for weekday, hour, count in rows(_HEAT, {**span_rows((span,), zone), "zone": zone, "whose": whose}):
        heat[weekday - 1][hour] = count
    return heat


def _use(week: Span, zone: str, whose: UUID | None) -> list[Use]:
    """Everybody who is active, but no rooms, the busiest first; or one of them."""
    found = Practitioner.objects.filter(is_active=True).exclude(kind=PractitionerKind.ROOM)
    people = list(found if whose is None else found.filter(pk=whose))
    who = [person.pk for person in people]
    asked: dict[str, Any] = {**span_rows((week,), zone), "who": who}
    booked, offered = booked_minutes(asked), offered_minutes(zone, (week,), who)
    use = [
        Use(
            practitioner_id=person.pk,
            name=person.name,
            booked=booked.get((person.pk, 0), 0),
            offered=offered[person.pk][0],
        )
        for person in people
    ]
    return sorted(use, key=lambda each: (-(each.share or 0), each.name))


def _totals(today: date, zone: str) -> Totals:
    [revenue] = revenue_in((Span(today.replace(day=1), today),), zone)
    [(patients, doctors)] = rows(_PEOPLE, {})
    return Totals(revenue=revenue, patients=patients, doctors=doctors)
