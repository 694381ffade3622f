"""Taking a seat: the one place where a row comes to occupy a practitioner's time.

Under an advisory lock of the practitioner, for order; under the table's constraints, for truth. The
constraints alone would be right but slow: simultaneous inserts on one slot wait for one another in circles,
and PostgreSQL ends each circle only after its deadlock timeout.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models.functions import Now

from bookings.errors import PatientBusy, TryAgain
from bookings.events import BookingEvent
from bookings.models import Appointment, HealthcareService, Practitioner
from bookings.references import new_reference
from bookings.rules.hours import local_day
from bookings.rules.policy import Refusal
from bookings.rules.slots import range_instants
from bookings.rules.statuses import OCCUPYING, Status
from core import clock
from core.actor import Actor
from events.outbox import record
from tenants.context import current_hospital

T = TypeVar("T")

# How long a booking waits for others of the same practitioner before it gives up (milliseconds).
LOCK_TIMEOUT = 3000
# Passing faults that another try mends: a reference drawn twice, a deadlock, a serialization failure.
TRIES = 3
_DEADLOCK, _SERIALIZATION, _LOCK_TIMEOUT = "40P01", "40001", "55P03"
_SEAT_CONSTRAINTS = ("one_person_per_seat", "one_session_at_a_time")


class SeatTaken(Exception):
    """The database refused the seat: somebody has it. `why` is what to tell."""

    why = Refusal.SLOT_TAKEN


class DayFull(SeatTaken):
    """The practitioner's daily limit is reached."""

    why = Refusal.DAY_FULL


class Candidate(NamedTuple):
    """A practitioner who seems free at an instant (epoch seconds), and whether a hold of theirs ran out.

    With `overbooked` they are not free then, and somebody who may has said that it be so.
    """

    practitioner_id: str
    start: int
    stale_holds: bool
    overbooked: bool = False


def in_one_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a short transaction (or a savepoint of a surrounding one) and return what it returns.

    Raises `SeatTaken`, `PatientBusy`, `TryAgain` for what the database refused.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError as error:
            if not _is_reference_clash(error) or attempt == TRIES:
                _raise_refusal(error)
        except OperationalError as error:
            code = _sqlstate(error)
            if code == _LOCK_TIMEOUT:
                raise TryAgain from error
            if code not in (_DEADLOCK, _SERIALIZATION):
                raise
            # Inside a surrounding transaction another try would meet the same fate.
            if connection.in_atomic_block or attempt == TRIES:
                raise TryAgain from error
    raise AssertionError("unreachable: the last try returns or raises")


def lock(*keys: object) -> None:
    """Wait for this hospital's turn on each key, in the given order, until the transaction ends.

    Practitioners come before patients everywhere, so that nobody waits in a circle. A rollback to the
    savepoint gives the locks back.
    """
    locks = ", ".join("pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 0))" for _ in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', true), {locks}",
            [f":{key}" for key in keys],
        )


def place(
    actor: Actor,
    appointment: Appointment,
    service: HealthcareService,
    practitioner: Practitioner,
    chosen: Candidate,
) -> None:
    """Set an appointment's practitioner, times, occupied range and seat; call under the practitioner's lock.

    The practitioner is the chosen one. Only where a hold that ran out was seen one can be in the way: a hold
    that still lived had kept the slot from being chosen.
    """
    begin = clock.from_epoch(chosen.start)
    end = begin + timedelta(minutes=service.duration_minutes)
    stays = stays_that_day(appointment, chosen.practitioner_id, chosen.start)
    appointment.service = service
    appointment.practitioner = practitioner
    appointment.overbooked = chosen.overbooked
    appointment.start, appointment.end = begin, end
    appointment.occupied = DateTimeTZRange(
        begin - timedelta(minutes=service.buffer_before), end + timedelta(minutes=service.buffer_after)
    )
    take_seat(actor, appointment, stale_holds=chosen.stale_holds, stays=stays)


def stays_that_day(appointment: Appointment, practitioner_id: str, start: int) -> bool:
    """Whether an appointment that is to start then (epoch seconds) adds none to the practitioner's day.

    It is theirs on that hospital-local date already, and only moves within it.
    """
    if str(appointment.practitioner_id) != practitioner_id:
        return False
    zone = current_hospital().timezone
    return local_day(zone, clock.to_epoch(appointment.start)) == local_day(zone, start)


def take_seat(actor: Actor, appointment: Appointment, *, stale_holds: bool, stays: bool = False) -> None:
    """Choose the lowest free seat at an appointment's time; call under the practitioner's lock.

    Holds that ran out make way first: neither the count of seats nor the table's constraint knows a clock.
    Raises `SeatTaken` when the session is full, `DayFull` when the practitioner's day is, unless the
    appointment `stays` on it; whether somebody else has the time, the constraint tells. Who was overbooked
    stands beside the seats and takes none.
    """
    if appointment.overbooked:
        appointment.seat = 1
        return
    if appointment.practitioner.daily_limit is not None and not stays:
        _keep_daily_limit(appointment, appointment.practitioner.daily_limit)
    if stale_holds:
        _free_stale_holds(actor, appointment)
    capacity = appointment.service.capacity
    appointment.seat = 1 if capacity == 1 else _free_seat(appointment, capacity)


def new_row(status: Status) -> Appointment:
    """An appointment yet to be placed, with a fresh reference."""
    return Appointment(reference=new_reference(), status=status)


def _free_stale_holds(actor: Actor, appointment: Appointment) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM bookings_appointment WHERE practitioner_id = %s AND status = 'HELD'"
            " AND hold_expires_at <= now() AND occupied && %s"
            " RETURNING id, service_id, practitioner_id, start",
            [appointment.practitioner_id, appointment.occupied],
        )
        for gone in cursor.fetchall():
            record_gone(actor, BookingEvent.HOLD_EXPIRED, gone)


def record_gone(actor: Actor, kind: BookingEvent, gone: Sequence[Any]) -> None:
    """Write the event of a hold that is no more, with the slot that it kept: others may want it now.

    `gone` is its id, the ids of its service and practitioner, and its start.
    """
    hold_id, service_id, practitioner_id, start = gone
    data = {"event_type_id": service_id, "provider_id": str(practitioner_id), "start": start}
    record(actor, kind, subject_type="appointment", subject_id=hold_id, data=data)


def _keep_daily_limit(appointment: Appointment, limit: int) -> None:
    """Raise `DayFull` if as many others occupy the practitioner on the day, a hospital-local date."""
    zone = current_hospital().timezone
    day = date.fromordinal(local_day(zone, clock.to_epoch(appointment.start)))
    begin, until = range_instants(zone, day, day)
    others = Appointment.objects.filter(
        practitioner_id=appointment.practitioner_id,
        start__gte=clock.from_epoch(begin),
        start__lt=clock.from_epoch(until),
        status__in=OCCUPYING,
    ).exclude(pk=appointment.pk)
    if others.exclude(status=Status.HELD, hold_expires_at__lte=Now()).count() >= limit:
        raise DayFull


def _free_seat(appointment: Appointment, capacity: int) -> int:
    taken = set(
        Appointment.objects.filter(
            practitioner_id=appointment.practitioner_id,
            service_id=appointment.service_id,
            start=appointment.start,
            status__in=OCCUPYING,
            overbooked=False,
        )
        .exclude(pk=appointment.pk)
        .values_list("seat", flat=True)
    )
    free = next((seat for seat in range(1, capacity + 1) if seat not in taken), None)
    if free is None:
        raise SeatTaken
    return free


def _is_reference_clash(error: IntegrityError) -> bool:
    return "reference" in _constraint(error)


def _raise_refusal(error: IntegrityError) -> None:
    name = _constraint(error)
    if name in _SEAT_CONSTRAINTS:
        raise SeatTaken from error
    if name == "one_place_per_patient":
        raise PatientBusy from error
    raise error


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _sqlstate(error: OperationalError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
