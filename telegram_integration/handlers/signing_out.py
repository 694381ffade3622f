"""Signing out: the chat is nobody's at this hospital any more. What the hospital keeps is its own."""

from telegram_integration.cards import Reply, show
from telegram_integration.choosing import offer_another
from telegram_integration.leaving import leave
from telegram_integration.people import unlink
from telegram_integration.routes import on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import help as words


@on_tap("o", linked=True)
def ask_whether(turn: Turn) -> Reply:
    """Ask first: everything has to be proven anew afterwards."""
    return show(words.sign_out_card(turn))


@on_tap("oy")
def sign_out(turn: Turn) -> Reply:
    """Untie the person from the patient that they are here; said twice, it is so once."""
    if turn.hospital is None:
        return offer_another(turn)
    left = leave(turn)
    unlink(turn.user, turn.hospital)
    return Reply(cards=(words.signed_out_card(turn), *left))
