"""The steps in the life of an appointment, as buttons."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.actions.appointments import STEP_VERBS
from bookings.actions.undoing import may_be_undone
from bookings.admin.actors import may
from bookings.models import Appointment
from bookings.rules.statuses import RESCHEDULABLE, Status, may_move
from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """A button: the status that it leads to, its text and symbol, and the verb that it needs."""

    status: Status
    label: str | Promise
    icon: str
    verb: str = "appointments.attend"


# In the order of a visit. Cancelling is not here: it asks for a reason first.
STEPS = (
    Step(Status.CONFIRMED, _("Confirm"), "verified", "appointments.confirm"),
    Step(Status.CHECKED_IN, _("Check in"), "how_to_reg"),
    Step(Status.IN_PROGRESS, _("Start"), "play_arrow"),
    Step(Status.COMPLETED, _("Complete"), "task_alt"),
    Step(Status.NO_SHOW, _("No-show"), "person_off"),
)
# What most often comes next is offered in the list itself.
NEXT: dict[str, Status] = {
    Status.SCHEDULED: Status.CHECKED_IN,
    Status.CONFIRMED: Status.CHECKED_IN,
    Status.CHECKED_IN: Status.IN_PROGRESS,
    Status.IN_PROGRESS: Status.COMPLETED,
}


def steps_for(actor: Actor, row: Appointment) -> list[Step]:
    """The steps that are legal now and granted to this actor."""
    current = Status(row.status)
    return [step for step in STEPS if may_move(current, step.status) and may(actor, step.verb, row)]


def next_step(actor: Actor, row: Appointment) -> Step | None:
    """The step that most often comes next, if the actor may do it."""
    wanted = NEXT.get(row.status)
    return next((step for step in steps_for(actor, row) if step.status == wanted), None)


def can_be_moved(actor: Actor, row: Appointment) -> bool:
    """Whether the form for another time makes sense."""
    return row.status in RESCHEDULABLE and may(actor, "appointments.move", row)


def can_be_cancelled(actor: Actor, row: Appointment) -> bool:
    """Whether the form for cancelling makes sense."""
    return may_move(Status(row.status), Status.CANCELLED) and may(actor, "appointments.cancel", row)


def can_be_undone(actor: Actor, row: Appointment) -> bool:
    """Whether a button that takes the last step back makes sense."""
    verb = STEP_VERBS.get(Status(row.status))
    return verb is not None and may_be_undone(row) and may(actor, verb, row)


def undo_label(row: Appointment) -> str:
    """What that button says: ``Undo: Checked in``."""
    return gettext("Undo: %s") % row.get_status_display()
