"""Short ways to say what becomes of notices in a test."""

from datetime import datetime

from django.db.models import QuerySet

from bookings.models import Notice
from core import clock
from events.outbox import LANE as EVENTS
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import current_hospital, outside
from tests.support.catalogue import at


def instant(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A time of a day on the hospital's clocks, counted from today, as an instant."""
    zone = clock.zone(current_hospital().timezone)
    return at(hour, minute, days=days).replace(tzinfo=zone)


def relay() -> None:
    """Hand on what happened."""
    with outside():
        run_due(EVENTS)


def send_all() -> None:
    """Send what waits: a notice may go from one lane to the other and back."""
    with outside():
        while run_due("telegram") + run_due("notices"):
            pass


def fates(kind: str = "reminder") -> list[tuple[datetime, str, str]]:
    """Of each notice of a kind its time, its status and why, by time."""
    rows = Notice.objects.filter(kind=kind).order_by("for_time", "created_at")
    return list(rows.values_list("for_time", "status", "why"))


def sending_jobs() -> QuerySet[Job]:
    """The jobs that send notices, in any lane."""
    return Job.objects.filter(kind__startswith="notice.send")
