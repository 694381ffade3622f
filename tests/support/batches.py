"""Short ways to say what becomes of bulk work in a test."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bookings.actions.batches import LANE
from bookings.models import Appointment, Batch, BatchItem, HealthcareService
from core.actor import Actor
from jobs.worker import run_due
from tenants.context import outside
from tests.support.booking import book
from tests.support.catalogue import at, guest

# Dr Bob's starts of a day, on the hospital's clocks.
STARTS = [(hour, minute) for hour in (9, 10, 11, 13, 14, 15, 16) for minute in (0, 30)]


def work_off() -> int:
    """Do all bulk work that is due; how many steps that took."""
    with outside():
        return run_due(LANE)


def book_many(actor: Actor, service: HealthcareService, count: int, **asked: Any) -> list[Appointment]:
    """So many appointments from tomorrow on, each for a guest of their own."""
    return [
        book(
            actor, service, at(*STARTS[n % len(STARTS)], days=1 + n // len(STARTS)),
            guest=guest(f"Guest {n}", f"081{n:07}", f"guest{n}@example.com"), **asked,
        )
        for n in range(count)
    ]  # fmt: skip


def ids(rows: Sequence[Appointment]) -> list[UUID]:
    """Their ids, as bulk work takes them."""
    return [row.pk for row in rows]


def outcomes(batch: Batch) -> list[tuple[str, str]]:
    """Of each item how it ended and why, in their order."""
    return list(BatchItem.objects.filter(batch=batch).values_list("outcome", "reason"))


def state_of(batch: Batch) -> str:
    """Where it stands now."""
    return Batch.objects.get(pk=batch.pk).state


def stop_reason_of(batch: Batch) -> str:
    """Why it was stopped, if it was."""
    return Batch.objects.get(pk=batch.pk).stop_reason


def statuses(rows: Sequence[Appointment]) -> list[str]:
    """Their statuses now, in their order."""
    known = {row.pk: row.status for row in Appointment.objects.filter(pk__in=ids(rows))}
    return [known[row.pk] for row in rows]
