"""Holds: a slot kept for some minutes while somebody makes up their mind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from bookings.actions.patients import Guest, guest_lock
from bookings.actions.seats import Candidate, in_one_transaction, lock, new_row, place, record_gone
from bookings.actions.wishes import Wish
from bookings.errors import HoldExpired, HoldNotFound
from bookings.events import BookingEvent
from bookings.models import Appointment
from bookings.rules.statuses import Status
from core.actor import Actor, Door
from events.models import Event
from events.outbox import record
from jobs.queue import put

# The job that ends one hold, by its id, and its lane.
EXPIRE, CHORES = "hold.expire", "chores"

# Long enough to read a summary aloud and answer, short enough to annoy nobody.
HOLD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class KeptFor:
    """For whom a slot is held, when that is known: they cannot be elsewhere at that time meanwhile."""

    guest: Guest
    patient_id: UUID | None


def hold_slot(
    actor: Actor,
    *,
    service_id: int,
    start: datetime,
    practitioner_id: str | None = None,
    lasting: timedelta = HOLD_FOR,
    whose: KeptFor | None = None,
) -> Appointment:
    """Keep a slot by the database's clock, 10 minutes unless told otherwise; the row's id is the hold's id.

    Raises what `book_appointment` raises for a slot that cannot be had.
    """
    actor.require("appointments.hold")
    wish = Wish.of(service_id=service_id, start=start, practitioner_id=practitioner_id)
    return wish.take(lambda chosen: in_one_transaction(lambda: _hold(actor, wish, chosen, lasting, whose)))


def _hold(
    actor: Actor, wish: Wish, chosen: Candidate, lasting: timedelta, whose: KeptFor | None
) -> Appointment:
    lock(chosen.practitioner_id, *(guest_lock(whose.guest) if whose else ()))
    row = new_row(Status.HELD)
    place(actor, row, wish.service, wish.practitioner(chosen), chosen)
    if whose is not None:
        row.patient_id, row.guest_name = whose.patient_id, whose.guest.name
        row.guest_phone, row.guest_email = whose.guest.phone, whose.guest.email
    row.source = actor.door if actor.door is not Door.SYSTEM else Door.API
    row.hold_expires_at = Now() + lasting
    row.save(force_insert=True)
    row.refresh_from_db(fields=["hold_expires_at"])
    record(actor, BookingEvent.HELD, subject_type="appointment", subject_id=row.pk)
    return row


def held_for(wish: Wish, hold_id: UUID) -> Appointment:
    """The live hold of that id, locked. Raises `HoldExpired`, also for a hold of another slot."""
    live = Appointment.objects.select_for_update().filter(
        pk=hold_id, status=Status.HELD, hold_expires_at__gt=Now()
    )
    row = live.first()
    if row is None or row.service_id != wish.service.pk or not wish.is_at(row):
        raise HoldExpired
    return row


@transaction.atomic
def release_hold(actor: Actor, *, hold_id: UUID) -> None:
    """Let a hold go before its time. Raises `HoldNotFound`, also for one that ran out or became a booking."""
    actor.require("appointments.hold")
    with connection.cursor() as cursor:
        # One statement: Django's own delete reads first and then goes by id alone, and would take a booking
        # that the hold has become meanwhile.
        cursor.execute(
            "DELETE FROM bookings_appointment WHERE id = %s AND status = 'HELD' AND hold_expires_at > now()"
            " RETURNING id, service_id, practitioner_id, start",
            [hold_id],
        )
        gone = cursor.fetchone()
    if gone is None:
        raise HoldNotFound
    record_gone(actor, BookingEvent.RELEASED, gone)


@transaction.atomic
def expire_holds(actor: Actor, *, limit: int = 500) -> int:
    """Remove holds that ran out, some at a time; return how many. They blocked nobody meanwhile."""
    actor.require("appointments.hold")
    stale = Appointment.objects.filter(status=Status.HELD, hold_expires_at__lte=Now())
    told = ("pk", "service_id", "practitioner_id", "start")
    rows = list(stale.select_for_update(skip_locked=True).values_list(*told)[:limit])
    Appointment.objects.filter(pk__in=[row[0] for row in rows]).delete()
    for row in rows:
        record_gone(actor, BookingEvent.HOLD_EXPIRED, row)
    return len(rows)


def watch_hold(event: Event) -> None:
    """Queue the end of a hold; told of its event, so that making the hold costs no statement more."""
    held = Appointment.objects.filter(pk=event.subject_id, status=Status.HELD)
    expires = held.values_list("hold_expires_at", flat=True).first()
    if expires is not None:
        put(EXPIRE, event.subject_id, lane=CHORES, due_at=expires)


def expire_hold(hold_id: str) -> datetime | None:
    """Remove a hold that ran out and say so; return when to come again if it still lives."""
    with connection.cursor() as cursor:
        # By the statement's time: the transaction began before the clock reached the hold's end, or may have.
        cursor.execute(
            "DELETE FROM bookings_appointment WHERE id = %s AND status = 'HELD'"
            " AND hold_expires_at <= statement_timestamp() RETURNING id, service_id, practitioner_id, start",
            [hold_id],
        )
        gone = cursor.fetchone()
    if gone is not None:
        record_gone(Actor.system("expire_holds"), BookingEvent.HOLD_EXPIRED, gone)
        return None
    lives = Appointment.objects.filter(pk=hold_id, status=Status.HELD)
    return lives.values_list("hold_expires_at", flat=True).first()
