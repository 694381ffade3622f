"""Who comes without an appointment: the first free time from now on, and a number in the day's queue."""

from datetime import date
from functools import partial

from django.db import connection

from bookings.actions.leave import Leave
from bookings.actions.patients import Guest, guest_lock
from bookings.actions.rows import Said, record_created, write_guest
from bookings.actions.seats import Candidate, SeatTaken, in_one_transaction, lock, new_row, place
from bookings.actions.wishes import Wish
from bookings.errors import PatientBusy
from bookings.models import Appointment
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor

_MINUTE = 60
# While others book, it changes who is free first; after so many looks whoever is free at all will do.
LOOKS = 3


def walk_in(
    actor: Actor,
    *,
    service_id: int,
    guest: Guest,
    practitioner_id: str | None = None,
    notes: str = "",
    reason: str = "",
    overbook_reason: str = "",
) -> Appointment:
    """Book somebody who is here for the first time of today that is free, and check them in.

    That is the first from the present minute on by the desk's rules (`bookings.rules.desk`), with the named
    practitioner or with whoever has it soonest. They get the next number of the hospital's local day, from 1.
    Where nothing is free and there is an `overbook_reason`, the named practitioner is overbooked now.
    Raises `ServiceNotFound`, `PractitionerNotFound`, `SlotRefused` (with alternatives), `PatientBusy`,
    `TryAgain`, `NotAllowed`, `InvalidInput`.
    """
    for verb in ("appointments.book", "appointments.attend"):
        actor.require(verb)
    leave = Leave.of(actor, waive=True, overbook_reason=overbook_reason, practitioner_id=practitioner_id)
    this_minute = clock.from_epoch(clock.epoch_now() // _MINUTE * _MINUTE)
    wish = Wish.of(service_id=service_id, start=this_minute, practitioner_id=practitioner_id, leave=leave)
    said = Said(notes, reason)
    # Whoever has nothing left is not looked at again.
    for look in range(LOOKS + len(wish.who)):
        openings = wish.openings(wish.who)
        if leave.overbook_reason and not openings:
            openings = [Candidate(wish.who[0], wish.starts[0], stale_holds=False)]
        if not openings:
            break
        first, *others = openings
        latest = others[0].start if others and look < LOOKS else None
        try:
            return in_one_transaction(partial(_seat, actor, wish, first, latest, guest, said))
        except SeatTaken:
            continue
        except PatientBusy as busy:
            raise wish.patient_busy(first.start) from busy
    raise wish.refused(wish.why_not())


def _seat(
    actor: Actor, wish: Wish, chosen: Candidate, latest: int | None, guest: Guest, said: Said
) -> Appointment:
    """Seat somebody with the chosen practitioner, at what is their first free time under their lock.

    Raises `SeatTaken` when that has become later than `latest`: somebody else is free sooner now.
    """
    lock(chosen.practitioner_id, *guest_lock(guest))
    opening = _opening(wish, chosen)
    if opening is None or (latest is not None and opening.start > latest):
        raise SeatTaken
    row = new_row(Status.CHECKED_IN)
    place(actor, row, wish.service, wish.practitioner(opening), opening)
    row.overbook_reason = wish.leave.overbook_reason if opening.overbooked else ""
    write_guest(actor, row, guest, said)
    row.queue_day = wish.day
    row.queue_number = _next_number(wish.day)
    row.save(force_insert=True)
    record_created(actor, row)
    return row


def _opening(wish: Wish, chosen: Candidate) -> Candidate | None:
    """What the chosen practitioner has now; where that is nothing, now itself if they may be overbooked."""
    found = wish.openings([chosen.practitioner_id])
    if found:
        return found[0]
    return wish.settle(chosen._replace(start=wish.starts[0])) if wish.leave.overbook_reason else None


def _next_number(day: date) -> int:
    """The next number of a day's queue; nobody else gets one until this transaction ends.

    The queue's lock comes after those of practitioner and patient, and just before the row is written.
    """
    lock(f"queue:{day}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(queue_number), 0) + 1 FROM bookings_appointment"
            " WHERE queue_day = %s AND queue_number IS NOT NULL",
            [day],
        )
        number: int = cursor.fetchone()[0]
    return number
