"""Hospitals, their health and use, for whoever runs the platform. Numbers alone: nothing of any patient."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import get_language
from psycopg import sql

from analytics.platform import counted
from bookings.models.naming import in_language
from core import clock
from core.actor import Actor
from jobs.models import Job
from subscriptions.models import Subscription, SubscriptionStatus
from tenants.models import Hospital

# Hospitals that one statement counts in, and how long what was found is good for all who ask (seconds).
AT_ONCE, KEPT_FOR = 50, 15
# Work that should have been done this long ago is overdue.
OVERDUE_AFTER = timedelta(minutes=5)
# How far back missed visits and failed notices are counted.
LATELY = timedelta(days=7)

_TABLES = ("bookings_appointment", "bookings_notice", "accounts_user", "events_event")
# Schemas that hold all the tables: one that is being set up holds none yet.
_READY = """
SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%s) AND c.relname = ANY(%s) GROUP BY n.nspname HAVING count(*) = %s
"""
# Each count reads the part of an index that it is about; the last event is the end of the primary key.
_FIGURES = """
SELECT {hospital},
  (SELECT count(*) FROM {schema}.bookings_appointment
   WHERE start >= {today} AND start < {tomorrow} AND status NOT IN ('HELD', 'CANCELLED')),
  (SELECT count(*) FROM {schema}.bookings_appointment
   WHERE start >= {monday} AND start < {next_monday} AND status NOT IN ('HELD', 'CANCELLED')),
  (SELECT count(*) FROM {schema}.bookings_appointment
   WHERE start >= {lately} AND start < {now} AND status = 'NO_SHOW'),
  (SELECT count(*) FROM {schema}.bookings_notice WHERE created_at >= {lately} AND status = 'FAILED'),
  (SELECT count(*) FROM {schema}.accounts_user WHERE is_active AND role <> 'PATIENT'),
  (SELECT occurred_at FROM {schema}.events_event ORDER BY id DESC LIMIT 1)
"""


@dataclass(slots=True)
class HospitalFigures:
    """One hospital: what it is, and how it is used. `last_activity` is an aware datetime, None for never.

    `today` and `week` (from Monday on) are appointments on the hospital's own calendar; `no_shows` and
    `notices_failed` are of the last seven days; `jobs_overdue` counts what was given up too. `more` holds the
    figures of rooms above by their names.
    """

    hospital_id: int
    name: str
    subdomain: str
    is_active: bool
    is_ready: bool = False
    today: int = 0
    week: int = 0
    no_shows: int = 0
    notices_failed: int = 0
    users: int = 0
    last_activity: datetime | None = None
    plan: str = ""
    jobs_overdue: int = 0
    more: dict[str, int] = field(default_factory=dict)

    @property
    def troubles(self) -> int:
        """What somebody should look at."""
        return self.notices_failed + self.jobs_overdue + self.more.get("webhooks_off", 0)


def platform_figures_for(actor: Actor) -> list[HospitalFigures]:
    """Every hospital with its figures, at most 15 seconds old, by name. Outside of any hospital.

    Raises `NotAllowed`.
    """
    actor.require("hospitals.read")
    language, now = get_language() or "", time.monotonic()
    until, known = _remembered.get(language, (0.0, []))
    if now >= until:
        known = _count()
        _remembered[language] = (now + KEPT_FOR, known)
    return known


# Language → until when its figures are good, and they. Of this process: the page works while Redis is away.
_remembered: dict[str, tuple[float, list[HospitalFigures]]] = {}


def forget_figures() -> None:
    """Have the next one who asks count anew."""
    _remembered.clear()


def _count() -> list[HospitalFigures]:
    hospitals = list(Hospital.objects.order_by("name", "pk"))
    found = {one.pk: HospitalFigures(one.pk, one.name, one.subdomain, one.is_active) for one in hospitals}
    ready = _ready_schemas(hospitals)
    _add_use([one for one in hospitals if one.schema_name in ready], found)
    _add_plans(found)
    overdue = _overdue()
    for one in hospitals:
        found[one.pk].jobs_overdue = overdue.get(one.schema_name, 0)
    for name, numbers in counted().items():
        for key, number in numbers.items():
            if key in found:
                found[key].more[name] = number
    return list(found.values())


def _ready_schemas(hospitals: Sequence[Hospital]) -> set[str]:
    schemas = [one.schema_name for one in hospitals]
    with connection.cursor() as cursor:
        cursor.execute(_READY, [schemas, list(_TABLES), len(_TABLES)])
        return {name for (name,) in cursor.fetchall()}


def _add_use(hospitals: Sequence[Hospital], found: dict[int, HospitalFigures]) -> None:
    """Count inside of the hospitals' schemas, some dozens in one statement."""
    left = iter(hospitals)
    now = clock.now()
    while some := list(islice(left, AT_ONCE)):
        statement = sql.SQL(" UNION ALL ").join([_figures(one, now) for one in some])
        # A schema that goes meanwhile must not take the page with it.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            for key, *numbers, last in cursor.fetchall():
                row = found[key]
                row.today, row.week, row.no_shows, row.notices_failed, row.users = numbers
                row.last_activity, row.is_ready = last, True


def _figures(hospital: Hospital, now: datetime) -> sql.Composed:
    zone = clock.zone(hospital.timezone)
    midnight = datetime.combine(now.astimezone(zone).date(), time_of_day())
    monday = midnight - timedelta(days=midnight.weekday())
    edges: dict[str, Any] = {
        "today": midnight.replace(tzinfo=zone),
        "tomorrow": (midnight + timedelta(days=1)).replace(tzinfo=zone),
        "monday": monday.replace(tzinfo=zone),
        "next_monday": (monday + timedelta(days=7)).replace(tzinfo=zone),
        "lately": now - LATELY,
        "now": now,
        "hospital": hospital.pk,
    }
    parts = {name: sql.Literal(value) for name, value in edges.items()}
    return sql.SQL(_FIGURES).format(schema=sql.Identifier(hospital.schema_name), **parts)


def _add_plans(found: dict[int, HospitalFigures]) -> None:
    running = Subscription.objects.filter(status=SubscriptionStatus.ACTIVE)
    for key, thai, english in running.values_list("hospital_id", "plan__name_th", "plan__name_en"):
        if key in found:
            found[key].plan = in_language(thai, english)


def _overdue() -> dict[str, int]:
    """Jobs that wait for too long or were given up, by schema."""
    late = Q(due_at__lt=clock.now() - OVERDUE_AFTER) | Q(due_at=None)
    rows = Job.objects.filter(late).order_by().values_list("schema_name").annotate(Count("id"))
    return dict(rows)
