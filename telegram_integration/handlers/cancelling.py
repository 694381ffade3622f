"""Cancelling an appointment: sure? why? done."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from bookings.actions.visits import change_status_by_id
from bookings.errors import IllegalStatus
from bookings.queries.appointments import appointment_by_id_for
from bookings.rules.statuses import Status
from telegram_integration.callbacks import pack_int, pack_uuid, unpack_uuid
from telegram_integration.cards import Card, Reply, Rows, Style, show
from telegram_integration.handlers.appointments import details_card, may_be_cancelled
from telegram_integration.handlers.arguments import argument
from telegram_integration.handlers.questions import WHY, drop_question
from telegram_integration.handlers.strays import unasked
from telegram_integration.routes import on_step, on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import booking_lists as words
from telegram_integration.words.menu import menu_button
from tenants.context import current_hospital

if TYPE_CHECKING:
    from bookings.models import Appointment

# As long as the domain takes it, in characters.
LONGEST_REASON = 500


@on_tap("ac", linked=True)
def ask_whether(turn: Turn) -> Reply:
    """Ask whether they are sure."""
    drop_question(turn)
    row = turn.do(appointment_by_id_for, appointment_id=argument(turn, 0, unpack_uuid))
    if not may_be_cancelled(row):
        return show(_too_late_card(turn, row))
    which = pack_uuid(row.pk)
    yes = turn.button(_("Yes, cancel it"), "acy", which, style=Style.DANGER)
    no = turn.button(_("No, keep it"), "ad", which)
    return show(Card(text=words.sure_text(row, current_hospital()), rows=((yes,), (no,))))


@on_tap("acy", linked=True)
def ask_why(turn: Turn) -> Reply:
    """Ask for the reason. While nothing can be remembered it is not asked for."""
    row = turn.do(appointment_by_id_for, appointment_id=argument(turn, 0, unpack_uuid))
    if not may_be_cancelled(row):
        return show(_too_late_card(turn, row))
    can_type = _remember(turn, appointment=str(row.pk), hospital=current_hospital().pk)
    return show(Card(text=words.why_text(can_type=can_type), rows=_why_rows(turn, row.pk, can_type=can_type)))


@on_tap("acs", linked=True)
def cancel_without_reason(turn: Turn) -> Reply:
    """Cancel it."""
    drop_question(turn)
    return show(_cancel(turn, argument(turn, 0, unpack_uuid), reason=""))


@on_step(WHY, linked=True)
def cancel_with_reason(turn: Turn) -> Reply:
    """Cancel it for the reason that was typed. The reason goes to the hospital, and not into the chat."""
    asked = turn.draft.data
    # What was done in answer to this very message is shown again; any other message is no reason any more.
    if asked.get("done", turn.update_id) != turn.update_id or asked["hospital"] != current_hospital().pk:
        turn.forget()
        return unasked(turn)
    appointment_id = UUID(asked["appointment"])
    if not turn.text or len(turn.text) > LONGEST_REASON:
        rows = _why_rows(turn, appointment_id, can_type=True)
        return show(Card(text=words.why_again_text(), rows=rows))
    card = _cancel(turn, appointment_id, reason=turn.text)
    _remember(turn, **{**asked, "done": turn.update_id})
    return show(card)


def _cancel(turn: Turn, appointment_id: UUID, *, reason: str) -> Card:
    row = turn.do(appointment_by_id_for, appointment_id=appointment_id)
    if may_be_cancelled(row):
        try:
            row = turn.do(
                change_status_by_id, appointment_id=appointment_id, status=Status.CANCELLED, notes=reason
            )
        except IllegalStatus:
            row = turn.do(appointment_by_id_for, appointment_id=appointment_id)
    if row.status != Status.CANCELLED:
        return _too_late_card(turn, row)
    again = turn.button(_("Book again"), "bs", pack_int(row.service_id), style=Style.PRIMARY)
    return Card(text=words.cancelled_text(row, current_hospital()), rows=((again,), (menu_button(turn),)))


def _why_rows(turn: Turn, appointment_id: UUID, *, can_type: bool) -> Rows:
    which = pack_uuid(appointment_id)
    skip = _("Skip") if can_type else _("Cancel appointment")
    return (
        (turn.button(skip, "acs", which, style=Style.DANGER),),
        (turn.button(_("No, keep it"), "ad", which),),
    )


def _too_late_card(turn: Turn, row: "Appointment") -> Card:
    return details_card(turn, row, line=_("This appointment cannot be cancelled any more."))


def _remember(turn: Turn, **asked: Any) -> bool:
    try:
        turn.ask(WHY, **asked)
    except RedisError:
        return False
    return True
