"""Short ways to say who waits for what, and to let the jobs of the waiting list run."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

from bookings.actions.appointments import cancel_appointment
from bookings.actions.waiting_list import join_waiting_list
from bookings.models import Appointment, HealthcareService, WaitingListEntry, WaitingListOffer
from bookings.models.waiting_list import Outcome
from core import clock
from core.actor import Actor
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import outside
from tests.support.booking import book
from tests.support.catalogue import guest

LONG_AGO = timedelta(days=1)


def wait(actor: Actor, service: HealthcareService, name: str = "Malee Srisuk", **asked: Any) -> UUID:
    """Put somebody at the end of the line, with a phone number of their own; return the entry's id."""
    who = guest(name, f"0810{crc32(name.encode()) % 1_000_000:06}")
    return join_waiting_list(actor, **{"service_id": service.pk, "guest": who, **asked}).pk


def offered(actor: Actor, service: HealthcareService, start: datetime, **asked: Any) -> UUID:
    """Put Anong on the list and free a slot; return the id of her entry, to which it is offered."""
    waiting = wait(actor, service, "Anong", **asked)
    row = book(actor, service, start, guest=guest("Nok", "0820000001"))
    cancel_appointment(actor, reference=row.reference)
    let_jobs_run()
    assert offered_start(waiting) == row.start
    return waiting


def let_jobs_run() -> None:
    """Hand on what happened and do what is due because of it, until nothing is."""
    with outside():
        while run_due("events") + run_due("chores"):
            pass


def entry_of(entry_id: UUID) -> WaitingListEntry:
    return WaitingListEntry.objects.get(pk=entry_id)


def status_of(entry_id: UUID) -> str:
    return entry_of(entry_id).status


def offer_to(entry_id: UUID) -> WaitingListOffer | None:
    """What is offered to an entry now."""
    return WaitingListOffer.objects.filter(entry=entry_id, outcome=Outcome.OPEN).first()


def offered_start(entry_id: UUID) -> datetime | None:
    """The start of what is offered to an entry now."""
    offer = offer_to(entry_id)
    return offer.start if offer is not None else None


def let_offer_run_out(entry_id: UUID) -> None:
    """Set the end of an entry's open offer, of its hold and of the jobs that wait for it into the past."""
    offer, past = offer_to(entry_id), clock.now() - LONG_AGO
    assert offer is not None
    Appointment.objects.filter(pk=offer.hold_id).update(hold_expires_at=past)
    WaitingListOffer.objects.filter(pk=offer.pk).update(expires_at=past)
    Job.objects.filter(subject__in=[str(offer.pk), str(offer.hold_id)]).update(due_at=past)
