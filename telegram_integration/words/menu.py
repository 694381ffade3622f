"""The main menu, and the buttons that lead to it."""

from django.utils.translation import gettext as _

from telegram_integration.cards import Button, Card, Rows, Style
from telegram_integration.turn import Turn
from telegram_integration.words.html import bold, paragraphs


def menu_card(turn: Turn, line: str = "") -> Card:
    """The main menu of whoever is a patient of the hospital at hand, under a line of HTML if there is one."""
    greeting = _("Hello %(name)s.") % {"name": bold(turn.user.name)} if turn.user.name else ""
    question = " ".join(part for part in (greeting, _("What would you like to do?")) if part)
    return Card(text=paragraphs(line, f"🏥 {bold(turn.hospital or '')}", question), rows=_rows(turn))


def _rows(turn: Turn) -> Rows:
    settings = [turn.button(_("🌐 Language"), "l")]
    # A hospital's own bot leads to no other hospital.
    if turn.bot.hospital_id is None:
        settings.append(turn.button(_("🏥 Hospital"), "h"))
    return (
        (turn.button(_("📅 Book an appointment"), "b", style=Style.PRIMARY),),
        (turn.button(_("My appointments"), "a"),),
        tuple(settings),
        (turn.button(_("Help"), "e"),),
    )


def menu_button(turn: Turn) -> Button:
    """The way to the main menu."""
    return turn.button(_("Main menu"), "m")
