"""The steps of a visit by the calendar: each one click, and each undone for a while."""

from bookings.actions.appointments import cancel_appointment, change_status
from bookings.actions.undoing import undo_step
from bookings.admin.calendar.changing import changed, row_for
from bookings.admin.calendar.fields import Fields
from bookings.admin.calendar.wire import Reply
from bookings.admin.steps import STEPS
from bookings.models.appointment import LONGEST_REASON
from bookings.rules.statuses import Status
from core.actor import Actor

_STATUSES = [step.status.value for step in STEPS]


def step(actor: Actor, fields: Fields) -> Reply:
    """Take one step."""
    appointment_id, status = fields.id("id"), fields.choice("status", _STATUSES)
    fields.check()
    row = row_for(actor, appointment_id)
    return changed(actor, row, lambda: change_status(actor, reference=row.reference, status=Status(status)))


def undo(actor: Actor, fields: Fields) -> Reply:
    """Take the last step back; with `status`, only if that is still where the step led."""
    appointment_id, seen = fields.id("id"), fields.choice("status", [*Status], needed=False)
    fields.check()
    row = row_for(actor, appointment_id)
    return changed(actor, row, lambda: undo_step(actor, reference=row.reference, seen=seen))


def cancel(actor: Actor, fields: Fields) -> Reply:
    """Cancel, with a reason."""
    appointment_id, reason = fields.id("id"), fields.text("reason", longest=LONGEST_REASON)
    fields.check()
    row = row_for(actor, appointment_id)
    return changed(actor, row, lambda: cancel_appointment(actor, reference=row.reference, reason=reason))
