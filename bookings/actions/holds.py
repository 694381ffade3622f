"""Holds: a slot kept for some minutes while somebody makes up their mind."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from bookings.actions.seats import in_one_transaction, lock, new_row, place
from bookings.actions.wishes import Candidate, Wish
from bookings.errors import HoldNotFound
from bookings.events import BookingEvent
from bookings.models import Appointment
from bookings.rules.statuses import Status
from core.actor import Actor, Door
from events.outbox import record

# Long enough to read a summary aloud and answer, short enough to annoy nobody.
HOLD_FOR = timedelta(minutes=10)


def hold_slot(
    actor: Actor, *, service_id: int, start: datetime, practitioner_id: str | None = None
) -> Appointment:
    """Keep a slot for 10 minutes by the database's clock; the row's id is the hold's id.

    Raises what `book_appointment` raises for a slot that cannot be had.
    """
    actor.require("appointments.hold")
    wish = Wish.of(service_id=service_id, start=start, practitioner_id=practitioner_id)
    return wish.take(lambda chosen: in_one_transaction(lambda: _hold(actor, wish, chosen)))


def _hold(actor: Actor, wish: Wish, chosen: Candidate) -> Appointment:
    lock(chosen.practitioner_id)
    row = new_row(Status.HELD)
    place(actor, row, wish.service, chosen.practitioner_id, chosen.start, stale_holds=chosen.stale_holds)
    row.source = actor.door if actor.door is not Door.SYSTEM else Door.API
    row.hold_expires_at = Now() + HOLD_FOR
    row.save(force_insert=True)
    row.refresh_from_db(fields=["hold_expires_at"])
    row.practitioner = wish.present.practitioners[chosen.practitioner_id]
    record(actor, BookingEvent.HELD, subject_type="appointment", subject_id=row.pk)
    return row


@transaction.atomic
def release_hold(actor: Actor, *, hold_id: UUID) -> None:
    """Let a hold go before its time. Raises `HoldNotFound`, also for one that ran out or became a booking."""
    actor.require("appointments.hold")
    with connection.cursor() as cursor:
        # One statement: Django's own delete reads first and then goes by id alone, and would take a booking
        # that the hold has become meanwhile.
        cursor.execute(
            "DELETE FROM bookings_appointment WHERE id = %s AND status = 'HELD' AND hold_expires_at > now()",
            [hold_id],
        )
        if not cursor.rowcount:
            raise HoldNotFound
    record(actor, BookingEvent.RELEASED, subject_type="appointment", subject_id=hold_id)


@transaction.atomic
def expire_holds(actor: Actor, *, limit: int = 500) -> int:
    """Remove holds that ran out, some at a time; return how many. They blocked nobody meanwhile."""
    actor.require("appointments.hold")
    stale = Appointment.objects.filter(status=Status.HELD, hold_expires_at__lte=Now())
    rows = list(stale.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    Appointment.objects.filter(pk__in=rows).delete()
    for pk in rows:
        record(actor, BookingEvent.HOLD_EXPIRED, subject_type="appointment", subject_id=pk)
    return len(rows)
