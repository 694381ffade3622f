"""Offering the hospitals, page by page."""

from telegram_integration.cards import Reply, show
from telegram_integration.turn import Turn
from telegram_integration.words import hospitals as words
from tenants.models import Hospital

A_PAGE = 8


def offer_hospitals(turn: Turn, *, page: int = 0, line: str = "") -> Reply:
    """A page (from 0 on) of the hospitals to choose from, under a line of HTML."""
    if turn.bot.hospital_id is not None:
        return show(words.only_hospital_card(turn))
    active = Hospital.objects.filter(is_active=True).order_by("name", "pk")
    pages = max(1, -(-active.count() // A_PAGE))
    page = max(0, min(page, pages - 1))
    shown = active[page * A_PAGE : (page + 1) * A_PAGE]
    return show(words.hospitals_card(turn, shown, page=page, pages=pages, line=line))


def offer_another(turn: Turn) -> Reply:
    """The hospitals, for whoever has none at hand: they chose none yet, or theirs was switched off."""
    had_one = turn.user.hospital_id is not None or (turn.tap is not None and turn.tap.hospital_id)
    return offer_hospitals(turn, line=f"⚠️ {words.closed()}" if had_one else "")
