"""What is a patient's own: coming appointments, the slots kept for them, what they wait for."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.db.models.functions import Now

from bookings.models import Appointment, WaitingListEntry
from bookings.models.waiting_list import LIVE
from bookings.queries.appointments import appointments_for
from bookings.queries.waiting_list import waiting_list_for, with_offers
from bookings.rules.statuses import OCCUPYING, Status
from core.actor import Actor

_COMING = sorted(OCCUPYING - {Status.HELD, Status.COMPLETED})


def coming_appointments_for(actor: Actor, *, page: int = 0, size: int = 8) -> tuple[list[Appointment], bool]:
    """A page of the actor's appointments that are not over, the next one first, and whether more follow.

    Pages count from 0. One statement.
    """
    coming = appointments_for(actor).filter(status__in=_COMING, end__gt=Now()).order_by("start", "id")
    begin = max(page, 0) * size
    rows = list(coming[begin : begin + size + 1])
    return rows[:size], len(rows) > size


def own_holds_for(actor: Actor) -> QuerySet[Appointment]:
    """The live holds that the patient made by this door; what the waiting list keeps is not among them."""
    rows = Appointment.objects.select_related("service", "practitioner").order_by("start", "id")
    if actor.patient_id is None:
        return rows.none()
    return rows.filter(
        patient_id=actor.patient_id, status=Status.HELD, source=actor.door, hold_expires_at__gt=Now()
    )


def live_entries_for(actor: Actor, *, limit: int = 20) -> Sequence[WaitingListEntry]:
    """What the actor waits for, first come first, with open offers: two statements at most."""
    waiting = waiting_list_for(actor).filter(status__in=LIVE).order_by("created_at", "id")
    return list(with_offers(waiting)[:limit])


def is_live(entry: WaitingListEntry) -> bool:
    """Whether an entry still waits, or has an offer to answer."""
    return entry.status in LIVE
