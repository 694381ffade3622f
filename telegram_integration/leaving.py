"""Leaving what was being asked."""

from telegram_integration.cards import Card
from telegram_integration.steps import ASKED_PHONE
from telegram_integration.turn import Turn


def leave(turn: Turn) -> tuple[Card, ...]:
    """Forget what is being typed. Returns the card that takes a button under the text field away, if any."""
    has_button = turn.draft.step == ASKED_PHONE
    turn.forget()
    return (Card(text="👌", drops_contact_button=True),) if has_button else ()
