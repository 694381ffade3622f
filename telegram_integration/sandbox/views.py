"""What the simulation shows: chats, messages and bots, in the shapes that `simulation` describes."""

import time
from dataclasses import asdict
from typing import Any

from telegram_integration.sandbox.chats import Chat, Message, Person
from telegram_integration.sandbox.methods.account import commands_for, text_for
from telegram_integration.sandbox.state import Bot


def as_bot(bot: Bot) -> dict[str, Any]:
    """A bot, without its token."""
    return {
        "id": bot.id,
        "first_name": bot.first_name,
        "username": bot.username,
        "webhook_url": bot.webhook.url if bot.webhook else "",
        "is_polling": bot.polls > 0,
        "pending_update_count": len(bot.pending),
    }


def as_chat(bot: Bot, chat: Chat, person: Person, after: int) -> dict[str, Any]:
    """What a person sees of a chat that has changed after a revision."""
    is_busy = chat.action and time.monotonic() < chat.action_until
    return {
        "revision": chat.revision,
        "user": asdict(person),
        "bot": as_bot(bot),
        "is_started": chat.is_started,
        "is_blocked": chat.is_blocked,
        "action": chat.action if is_busy else "",
        "reply_keyboard": chat.keyboard,
        "commands": commands_for(bot, person.language_code),
        "description": text_for(bot, "description", person.language_code),
        "messages": [as_message(one) for one in chat.messages.values() if one.revision > after],
        "answers": [asdict(one) for one in chat.answers if one.revision > after],
    }


def as_message(message: Message) -> dict[str, Any]:
    """A message as a person sees it."""
    return {
        "message_id": message.id,
        "date": message.date,
        "edit_date": message.edit_date,
        "from_bot": message.person is None,
        "kind": message.kind,
        "text": message.text,
        "html": message.html,
        "entities": message.entities,
        "buttons": [[_button(one) for one in row] for row in message.rows],
        "document": _document(message),
        "contact": message.more.get("contact"),
        "location": message.more.get("location"),
        "is_protected": bool(message.manner.get("protect_content")),
        "is_silent": bool(message.manner.get("disable_notification")),
        "effect_id": message.manner.get("message_effect_id", ""),
        "link_preview_options": message.manner.get("link_preview_options"),
        "reply_to": message.reply_to,
        "is_deleted": message.is_deleted,
        "revision": message.revision,
    }


def _button(button: dict[str, Any]) -> dict[str, Any]:
    kinds = {"callback_data": "callback", "url": "url", "copy_text": "copy"}
    kind = next((kinds[name] for name in kinds if name in button), "disabled")
    return {
        "text": button["text"],
        "style": button.get("style", ""),
        "kind": kind,
        "data": button.get("callback_data", ""),
        "url": button.get("url", ""),
    }


def _document(message: Message) -> dict[str, Any] | None:
    found = message.more.get("document")
    if found is None or message.person is not None:
        return None
    return {**found, "url": f"/simulate/files/{found['file_id']}"}
