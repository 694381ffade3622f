"""/hospital: choosing one."""

from dataclasses import replace

from telegram_integration.callbacks import BadTap, unpack_int
from telegram_integration.cards import Reply
from telegram_integration.choosing import offer_hospitals
from telegram_integration.handlers.menu import home
from telegram_integration.leaving import leave
from telegram_integration.people import choose_hospital, patient_of
from telegram_integration.routes import on_command, on_tap
from telegram_integration.turn import Turn
from telegram_integration.words import hospitals as words
from tenants.models import Hospital

# Keys beyond the column are nobody's.
_GREATEST_KEY = 2**31 - 1


@on_command("hospital")
def list_hospitals(turn: Turn) -> Reply:
    """The first page."""
    return offer_hospitals(turn)


@on_tap("h")
def turn_page(turn: Turn) -> Reply:
    """A page of the hospitals."""
    return offer_hospitals(turn, page=_number(turn))


@on_tap("hs")
def choose(turn: Turn) -> Reply:
    """Go to a hospital: to its menu, or to registering there."""
    if turn.bot.hospital_id is not None:
        return offer_hospitals(turn)
    key = _number(turn)
    chosen = Hospital.objects.filter(pk=key, is_active=True).first() if key <= _GREATEST_KEY else None
    if chosen is None:
        return offer_hospitals(turn, line=f"⚠️ {words.closed()}")
    return go_to(turn, chosen)


def go_to(turn: Turn, hospital: Hospital) -> Reply:
    """Have the person deal with that hospital from now on."""
    left = leave(turn)
    choose_hospital(turn.user, hospital)
    there = replace(turn, hospital=hospital, patient_id=patient_of(turn.user, hospital))
    reply = home(there)
    return replace(reply, cards=(*reply.cards, *left))


def _number(turn: Turn) -> int:
    """The button's own argument, 0 without one."""
    if turn.tap is None:
        raise BadTap
    return unpack_int(turn.tap.arguments[0]) if turn.tap.arguments else 0
