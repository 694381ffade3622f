"""/start, with or without a hospital behind it."""

from telegram_integration.cards import Reply
from telegram_integration.choosing import offer_hospitals
from telegram_integration.handlers.hospital import go_to
from telegram_integration.handlers.menu import home
from telegram_integration.routes import on_command
from telegram_integration.turn import Turn
from telegram_integration.words import hospitals as words
from tenants.directory import hospital_by_subdomain
from tenants.errors import HospitalInactive, HospitalNotFound


@on_command("start")
def start(turn: Turn) -> Reply:
    """Greet; ``/start <subdomain>``, as t.me/bot?start=subdomain sends it, chooses the hospital."""
    subdomain = turn.text.lower()
    if not subdomain or turn.bot.hospital_id is not None:
        return home(turn)
    try:
        hospital = hospital_by_subdomain(subdomain)
    except HospitalNotFound:
        return offer_hospitals(turn, line=words.unknown())
    except HospitalInactive:
        return offer_hospitals(turn, line=words.closed())
    return go_to(turn, hospital)
