"""Moving by the calendar: dragged or typed, onto the time and the practitioner that were dropped on."""

from datetime import datetime
from uuid import UUID

from bookings.actions.appointments import reschedule_appointment
from bookings.admin.calendar.changing import changed, row_for
from bookings.admin.calendar.fields import Fields
from bookings.admin.calendar.wire import Reply, wall_time
from bookings.models import Appointment
from bookings.models.appointment import LONGEST_REASON
from bookings.rules.policy import local_instants
from core import clock
from core.actor import Actor
from core.errors import NotAllowed
from tenants.context import current_hospital


def move(actor: Actor, fields: Fields) -> Reply:
    """Move an appointment from where it was seen; `undo` in the answer is where it was.

    On the way back ``kept_reason`` is why it was overbooked there: nobody is asked for it twice. Who may not
    overbook (any more) gets there only if there is a seat.
    """
    appointment_id, start = fields.id("id"), fields.wall("start")
    whose, seen_whose = fields.id("practitioner_id"), fields.id("seen_practitioner_id")
    seen_start = fields.wall("seen_start")
    reason = fields.text("reason", longest=LONGEST_REASON)
    overbook_reason = fields.text("overbook_reason", longest=LONGEST_REASON)
    kept_reason = fields.text("kept_reason", longest=LONGEST_REASON)
    fields.check()
    if start is None or seen_start is None:
        raise AssertionError("checked above")
    row = row_for(actor, appointment_id)
    _may_choose(actor, row, whose)
    if not overbook_reason and actor.can("appointments.overbook"):
        overbook_reason = kept_reason

    def work() -> Appointment:
        return reschedule_appointment(
            actor,
            reference=row.reference,
            start=start,
            practitioner_id=str(whose),
            reason=reason,
            waive=actor.can("appointments.waive"),
            overbook_reason=overbook_reason,
            seen_start=_instant_seen(row, seen_start),
            seen_practitioner_id=str(seen_whose),
        )

    return changed(actor, row, work, undo=_way_back(row))


def _way_back(row: Appointment) -> dict[str, str]:
    """What to send in order to have it where it is now."""
    start = wall_time(row.start, current_hospital().timezone)
    back = {"start": start, "practitioner_id": str(row.practitioner_id)}
    return back | ({"kept_reason": row.overbook_reason} if row.overbooked else {})


def _may_choose(actor: Actor, row: Appointment, whose: UUID | None) -> None:
    """Who moves their own alone keeps them: what comes to another practitioner is for the desk to say."""
    if whose != row.practitioner_id and not actor.can("appointments.move"):
        raise NotAllowed(needs="appointments.move")


def _instant_seen(row: Appointment, seen: datetime) -> datetime:
    """The instant that a time on the hospital's clocks stood for.

    In the hour that the clocks repeat it is one of two: the appointment's own, if it is one of them.
    """
    zone = current_hospital().timezone
    instants = local_instants(zone, seen.date(), seen.hour * 60 + seen.minute)
    at = clock.to_epoch(row.start)
    if at in instants or not instants:
        return row.start if at in instants else seen.replace(tzinfo=clock.zone(zone))
    return clock.from_epoch(instants[0])
