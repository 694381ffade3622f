"""Short ways to say what happens to webhooks in a test."""

from datetime import timedelta
from typing import Any

from django.db import connection

from core.actor import Actor, Door
from events.models import Event
from events.outbox import LANE, record
from jobs.worker import run_due
from tenants.context import inside, outside
from tenants.models import Hospital
from webhooks.actions import register_webhook
from webhooks.dispatch import deliver_due
from webhooks.models import Webhook

MANAGER = Actor(
    door=Door.API, grants=frozenset({"webhooks.read", "webhooks.write"}), label="manager of webhooks"
)
BOOKED = {
    "reference": "K7QM-4TXR",
    "event_type_id": 1,
    "provider_id": "6e1f3f0a-0000-4000-8000-000000000001",
    "start": "2026-12-01T02:00:00Z",
    "status": "SCHEDULED",
}


def endpoint(hospital: Hospital, url: str, *events: str) -> Webhook:
    """An endpoint of a hospital that wants these events, or all."""
    with inside(hospital):
        return register_webhook(MANAGER, url=url, events=events or ["*"])[0]


def happen(kind: str = "booking.created", subject_id: object = "1", **told: Any) -> Event:
    """Something happens to a booking of the hospital at hand."""
    told = {"subject_type": "appointment", "data": BOOKED, **told}
    return record(MANAGER, kind, subject_id=subject_id, **told)


def relay() -> None:
    """Hand what happened to its subscribers."""
    with outside():
        run_due(LANE)


def deliver(seconds: float = 20) -> int:
    """Deliver what is due; returns how many attempts were made."""
    return deliver_due(seconds=seconds)


def let_pass(**span: float) -> None:
    """Time goes by for everything that webhooks wait for: all their times move into the past."""
    tables = {
        "webhooks_delivery": ("next_attempt_at", "lease_until", "created_at", "delivered_at"),
        "webhooks": ("open_until", "failing_since", "previous_secret_until", "created_at"),
        "webhooks_attempt": ("started_at",),
    }
    with connection.cursor() as cursor:
        for table, columns in tables.items():
            moved = ", ".join(f"{column} = {column} - %s" for column in columns)
            cursor.execute(f"UPDATE public.{table} SET {moved}", [timedelta(**span)] * len(columns))
