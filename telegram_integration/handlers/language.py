"""/language: Thai or English."""

from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from telegram_integration.callbacks import BadTap
from telegram_integration.cards import Card, Reply, show
from telegram_integration.handlers.menu import home
from telegram_integration.handlers.registering import ask_again, is_registering
from telegram_integration.people import choose_language
from telegram_integration.routes import on_command, on_tap
from telegram_integration.turn import Turn
from tenants.models import Language

# Each in its own words: whoever reads only one finds it.
_NAMES = {Language.THAI: "ภาษาไทย", Language.ENGLISH: "English"}


@on_command("language")
def offer_languages(turn: Turn) -> Reply:
    """Both languages to choose from."""
    row = tuple(turn.button(_mark(turn, code) + name, "l", code) for code, name in _NAMES.items())
    return show(Card(text="🌐 " + _("Which language shall I speak?"), rows=(row,)))


@on_tap("l")
def speak(turn: Turn) -> Reply:
    """Speak the tapped language, and go on where the person is."""
    if turn.tap is None or not turn.tap.arguments:
        return offer_languages(turn)
    language = turn.tap.arguments[0]
    if language not in _NAMES:
        raise BadTap
    choose_language(turn.user, language)
    there = replace(turn, language=language)
    with translation.override(language):
        return ask_again(there) if is_registering(there) else home(there)


def _mark(turn: Turn, language: str) -> str:
    return "✅ " if turn.language == language else ""
