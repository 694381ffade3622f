"""Refusals as a person meets them: what it is, in their language, and a way on."""

from django.utils.translation import gettext as _

from bookings.errors import PatientNotFound, TryAgain
from core.errors import DomainError, Kind
from telegram_integration.cards import Button, Card, Reply, show
from telegram_integration.turn import Turn
from telegram_integration.words import strays
from telegram_integration.words.hospitals import phone_line
from telegram_integration.words.html import esc, lines, paragraphs
from telegram_integration.words.menu import menu_button

# What may go well the next time.
_PASSING = (Kind.UNAVAILABLE, Kind.LIMITED)


def refused(turn: Turn, refusal: DomainError) -> Reply:
    """A refusal that no handler had a better answer to."""
    rows = ((*_again(turn, refusal), menu_button(turn)),)
    return show(Card(text=paragraphs(f"⚠️ {told(refusal)}", phone_line(turn.hospital)), rows=rows))


def told(refusal: DomainError) -> str:
    """What a refusal says (HTML); of wrong input, what is wrong with it."""
    fields: dict[str, list[object]] = refusal.data.get("fields", {})
    return lines(*(esc(text) for texts in fields.values() for text in texts)) or esc(refusal)


def _again(turn: Turn, refusal: DomainError) -> tuple[Button, ...]:
    """The same button once more, where that may help."""
    is_passing = refusal.kind in _PASSING or isinstance(refusal, TryAgain)
    if isinstance(refusal, PatientNotFound):
        return (turn.button(_("Register anew"), "r", "a"),)
    if turn.tap is None or not is_passing:
        return ()
    return (turn.button(_("Try again"), turn.tap.action, *turn.tap.arguments),)


def away(turn: Turn) -> Reply:
    """What keeps the thread of a conversation does not answer."""
    return show(
        Card(text=paragraphs(f"⚠️ {strays.away()}", phone_line(turn.hospital)), rows=((menu_button(turn),),))
    )
