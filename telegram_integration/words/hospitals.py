"""Which hospital: the list of them, and the ways on where there is none."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from telegram_integration.callbacks import pack_int
from telegram_integration.cards import Button, Card
from telegram_integration.turn import Turn
from telegram_integration.words.html import bold, esc, label, paragraphs
from telegram_integration.words.menu import menu_button
from tenants.models import Hospital


def hospitals_card(
    turn: Turn, hospitals: Sequence[Hospital], *, page: int, pages: int, line: str = ""
) -> Card:
    """A page (from 0 on) of the hospitals, the one at hand marked, under a line of HTML."""
    rows: list[tuple[Button, ...]] = [(_hospital_button(turn, hospital),) for hospital in hospitals]
    if turning := _turning(turn, page, pages):
        rows.append(turning)
    if turn.is_linked:
        rows.append((menu_button(turn),))
    question = (
        _("Which hospital would you like to visit?") if hospitals else _("No hospital is open here yet.")
    )
    return Card(text=paragraphs(line, f"🏥 {question}"), rows=tuple(rows))


def _hospital_button(turn: Turn, hospital: Hospital) -> Button:
    mark = "✅ " if turn.hospital is not None and turn.hospital.pk == hospital.pk else ""
    return turn.button(mark + label(hospital.name), "hs", pack_int(hospital.pk))


def _turning(turn: Turn, page: int, pages: int) -> tuple[Button, ...]:
    """The buttons to the pages before and after."""
    before = [turn.button("◀", "h", pack_int(page - 1))] if page > 0 else []
    after = [turn.button("▶", "h", pack_int(page + 1))] if page + 1 < pages else []
    return (*before, *after)


def only_hospital_card(turn: Turn) -> Card:
    """A hospital's own bot leads to no other."""
    if turn.hospital is None:
        return Card(text=paragraphs(f"⚠️ {closed()}", phone_line(turn.bot.hospital)))
    text = _("This bot is for %(hospital)s alone.") % {"hospital": bold(turn.hospital)}
    return Card(text=f"🏥 {text}", rows=((menu_button(turn),),))


def unknown() -> str:
    """A link named a hospital that is not there (HTML)."""
    return _("The hospital of this link is not here. Please choose one of the list.")


def closed() -> str:
    """The hospital at hand is switched off (HTML)."""
    return _("This hospital does not take appointments here at present.")


def phone_line(hospital: Hospital | None) -> str:
    """How to reach the hospital by telephone (HTML); empty where its number is not known."""
    if hospital is None or not hospital.phone_number:
        return ""
    return "☎️ " + _("You can also call the hospital: %(phone)s") % {"phone": esc(hospital.phone_number)}
