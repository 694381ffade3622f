"""Moving an appointment in place, under the locks of its row and of the practitioner it goes to."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from bookings.actions.holds import held_for
from bookings.actions.rows import locked, patient_lock, record_of
from bookings.actions.seats import Candidate, SeatTaken, in_one_transaction, lock, place
from bookings.actions.wishes import Wish
from bookings.errors import IllegalStatus, MovedMeanwhile, PatientBusy
from bookings.events import BookingEvent
from bookings.models import Appointment
from bookings.rules.statuses import RESCHEDULABLE, Status
from core import clock
from core.actor import Actor
from tenants.context import current_hospital


class Seen(NamedTuple):
    """Where somebody saw an appointment before they moved it; None is whatever it is."""

    start: datetime | None = None
    practitioner_id: str | None = None

    def still_holds(self, row: Appointment) -> bool:
        """Whether an appointment is still where it was seen."""
        return self._is_start(row.start) and self.practitioner_id in (None, str(row.practitioner_id))

    def _is_start(self, start: datetime) -> bool:
        if self.start is None or self.start.tzinfo is not None:
            return self.start in (None, start)
        return self.start == start.astimezone(clock.zone(current_hospital().timezone)).replace(tzinfo=None)


NOWHERE = Seen()


def move(
    actor: Actor, wish: Wish, reference: str, chosen: Candidate, reason: str, seen: Seen = NOWHERE
) -> Appointment:
    """Give an appointment the chosen place; call in a transaction. One that is there already stays as it is.

    Raises `AppointmentNotFound`, `IllegalStatus`, `MovedMeanwhile`, `SeatTaken`, `SlotRefused`.
    """
    row = locked(actor, reference)
    if row.status not in RESCHEDULABLE:
        raise IllegalStatus(Status(row.status))
    before = _facts(row)
    lock(chosen.practitioner_id, *patient_lock(row.patient))
    chosen = wish.settle(chosen, besides=row)
    if (row.start, str(row.practitioner_id)) == (clock.from_epoch(chosen.start), chosen.practitioner_id):
        return row
    if not seen.still_holds(row):
        raise MovedMeanwhile
    place(actor, row, wish.service, wish.practitioner(chosen), chosen)
    if chosen.overbooked:
        row.overbook_reason = wish.leave.overbook_reason
    row.status, row.status_before, row.status_changed_at = Status.SCHEDULED, "", None
    after = _facts(row)
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    row.save()
    record_of(actor, BookingEvent.RESCHEDULED, row, changes, has_reason=bool(reason))
    return row


def _facts(row: Appointment) -> dict[str, Any]:
    return {
        "start": row.start,
        "practitioner": str(row.practitioner_id),
        "status": row.status,
        "overbooked": row.overbooked,
    }


def move_onto_hold(actor: Actor, wish: Wish, reference: str, hold_id: UUID, reason: str) -> Appointment:
    """Move an appointment onto the slot that is held, whose hold goes.

    Raises `HoldExpired`, `SlotRefused`, `PatientBusy`, and what `move` raises.
    """

    def work() -> Appointment:
        locked(actor, reference)
        lock(hold_id, wish.who[0])
        held = held_for(wish, hold_id)
        # Its seat is taken in the same transaction, under the practitioner's lock: nobody comes between.
        Appointment.objects.filter(pk=hold_id).delete()
        chosen = Candidate(wish.who[0], clock.to_epoch(held.start), stale_holds=False)
        return move(actor, wish, reference, chosen, reason)

    wish.require_time_ahead()
    try:
        return in_one_transaction(work)
    except SeatTaken as taken:
        raise wish.refused(taken.why) from taken
    except PatientBusy as busy:
        raise wish.patient_busy(wish.starts[0]) from busy
