"""The one question that changing an appointment asks, and leaving it unanswered."""

from telegram_integration.turn import Turn

# Why an appointment is cancelled.
WHY = "cancel_reason"


def drop_question(turn: Turn) -> None:
    """Whoever goes elsewhere does not answer any more: what they type next cancels nothing."""
    if turn.draft.step == WHY:
        turn.forget()
