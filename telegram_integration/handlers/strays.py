"""What nobody asked for: unknown commands, loose texts, photos, contacts, buttons of another time."""

from dataclasses import replace

from telegram_integration.cards import Card, Reply
from telegram_integration.handlers.menu import home
from telegram_integration.handlers.registered import welcome
from telegram_integration.routes import on_step
from telegram_integration.steps import REGISTERED
from telegram_integration.turn import Turn
from telegram_integration.words import strays as words


def unknown_command(turn: Turn) -> Reply:
    """Say so, and show the menu."""
    return home(turn, words.unknown_command())


def unasked(turn: Turn) -> Reply:
    """A text, photo or contact without a question before it."""
    if turn.contact is not None:
        # The button that shares one's number stood there still.
        reply = home(turn)
        return replace(reply, cards=(Card(text=words.unasked(), drops_contact_button=True), *reply.cards))
    if turn.is_other:
        return home(turn, words.unread())
    # A stranger who says hello is greeted.
    return home(turn, words.unasked() if turn.is_linked else "")


@on_step(REGISTERED)
def after_registering(turn: Turn) -> Reply:
    """The update that registered somebody, come a second time; or anything else after it."""
    data = turn.draft.data
    if data["update"] == turn.update_id and turn.is_linked:
        return welcome(turn, data["name"], data["wanted"])
    turn.forget()
    return unasked(turn)


def too_old(turn: Turn) -> Reply:
    """A button that nobody can read any more, or never could: say so, and show a fresh menu below."""
    return replace(home(turn), toast=words.too_old(), is_fresh=True)
