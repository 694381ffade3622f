"""Short ways to say what happens to an appointment in a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.actions.appointments import book_appointment
from bookings.models import Appointment, HealthcareService
from core import clock
from core.actor import Actor
from core.errors import DomainError
from events.models import Event
from events.outbox import history_of
from tests.support.catalogue import guest


def book(actor: Actor, service: HealthcareService, start: datetime, **asked: Any) -> Appointment:
    """Book a service for Malee, unless told for whom."""
    return book_appointment(actor, service_id=service.pk, start=start, **{"guest": guest(), **asked})


@contextmanager
def refused(reason: str) -> Iterator[pytest.ExceptionInfo[DomainError]]:
    """The block must be refused for that reason; what it yields tells the rest."""
    with pytest.raises(DomainError) as caught:
        yield caught
    assert caught.value.reason == reason


def alternatives_of(caught: pytest.ExceptionInfo[DomainError]) -> list[str]:
    """The local starts that a refusal offers instead."""
    return [clock.local_iso(slot.start, slot.zone) for slot in caught.value.data["alternatives"]]


def let_run_out(hold: Appointment) -> None:
    """Set a hold's end into the past of the database's clock."""
    Appointment.objects.filter(pk=hold.pk).update(hold_expires_at=clock.now() - timedelta(days=1))


def set_status(row: Appointment, status: str) -> None:
    """Put an appointment into a status without asking whether it may move there."""
    Appointment.objects.filter(pk=row.pk).update(status=status)


def events_of(row: Appointment) -> list[Event]:
    """What was recorded of an appointment, oldest first."""
    return history_of("appointment", row.pk)


def types_of(row: Appointment) -> list[str]:
    """The types of what was recorded of an appointment, oldest first."""
    return [event.type for event in events_of(row)]
