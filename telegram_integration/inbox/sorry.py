"""The last word on an update that could not be answered: a short line, and the way on."""

from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from django.utils import translation
from django.utils.translation import gettext as _

from telegram_integration.answering import Answer
from telegram_integration.cards import Card, Reply
from telegram_integration.inbox.keeping import Payload
from telegram_integration.models import TelegramUser
from tenants.models import Language

_NOBODY = UUID(int=0)


def sorry(payload: Payload) -> Answer | None:
    """A line of apology for whoever sent an update in a private chat, in their language; None for others."""
    tap = payload.get("callback_query")
    message = tap.get("message") if isinstance(tap, dict) else payload.get("message")
    sender = (tap if isinstance(tap, dict) else message or {}).get("from") or {}
    chat = (message or {}).get("chat") or {}
    if chat.get("type") != "private":
        return None
    user = _known(sender.get("id"))
    with translation.override(user.language if user else _guessed(sender)):
        text = _("Something went wrong here. Type /start to go on.")
        return Answer(
            chat_id=chat["id"],
            reply=Reply(cards=(Card(text=text),), is_fresh=True),
            callback_id=tap["id"] if isinstance(tap, dict) else "",
            message_id=0,
            user_id=user.pk if user else _NOBODY,
        )


def _known(telegram_id: object) -> TelegramUser | None:
    if not isinstance(telegram_id, int):
        return None
    try:
        return TelegramUser.objects.filter(telegram_id=telegram_id).first()
    except (DatabaseError, InterfaceError):
        return None


def _guessed(sender: dict[str, Any]) -> str:
    code = sender.get("language_code")
    return Language.ENGLISH if isinstance(code, str) and code.startswith("en") else Language.THAI
