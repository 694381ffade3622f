"""Changing what was sent, and answering taps (core.telegram.org/bots/api#updating-messages)."""

import time
from typing import Any

from telegram_integration.sandbox.call import Call, method
from telegram_integration.sandbox.chats import Answer, Chat, Message, now
from telegram_integration.sandbox.errors import bad_request
from telegram_integration.sandbox.markup import Markup
from telegram_integration.sandbox.methods.messages import LONGEST_CAPTION, manner, worded, worded_text

_LONGEST_TOAST = 200
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
# Bots delete messages of the last two days only (core.telegram.org/bots/api#deletemessage).
_DELETABLE = 48 * 3600


def _to_edit(call: Call) -> tuple[Chat, Message]:
    chat = call.open_chat()
    message = _found(call, chat, "edit")
    if message.person is not None:
        raise bad_request("message can't be edited")
    return chat, message


def _found(call: Call, chat: Chat, purpose: str) -> Message:
    message_id = call.arguments.integer("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None or message.is_deleted:
        raise bad_request(f"message to {purpose} not found")
    return message


def _inline(markup: Markup | None) -> list[list[dict[str, Any]]]:
    if markup is not None and not markup.is_inline:
        raise bad_request("inline keyboard expected")
    return markup.rows if markup else []


def _changed(call: Call, chat: Chat, message: Message, **changes: Any) -> dict[str, Any]:
    if all(getattr(message, name) == value for name, value in changes.items()):
        raise bad_request(_NOT_MODIFIED)
    for name, value in changes.items():
        setattr(message, name, value)
    message.edit_date = now()
    message.revision = chat.touch()
    call.world.figures["edits"] += 1
    call.answered(chat, is_card=True)
    return call.told(chat, message)


@method("editMessageText")
def edit_message_text(call: Call) -> dict[str, Any]:
    """Give a message another text; without a keyboard it loses the one that it has."""
    text, entities = worded_text(call)
    rows = _inline(call.markup())
    preview = manner(call)["link_preview_options"]
    chat, message = _to_edit(call)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    how = {**message.manner, "link_preview_options": preview}
    if (message.text, message.entities, message.rows) != (text, entities, rows):
        message.manner = how
    return _changed(call, chat, message, text=text, entities=entities, rows=rows)


@method("editMessageCaption")
def edit_message_caption(call: Call) -> dict[str, Any]:
    """Give a file another caption."""
    caption, entities = worded(call, "caption", LONGEST_CAPTION)
    rows = _inline(call.markup())
    chat, message = _to_edit(call)
    if message.kind == "text":
        raise bad_request("there is no caption in the message to edit")
    return _changed(call, chat, message, text=caption, entities=entities, rows=rows)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> dict[str, Any]:
    """Give a message another keyboard, or none."""
    rows = _inline(call.markup())
    chat, message = _to_edit(call)
    return _changed(call, chat, message, rows=rows)


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Delete a message."""
    chat = call.chat()
    message = _found(call, chat, "delete")
    if message.date < now() - _DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    message.is_deleted = True
    message.revision = chat.touch()
    return True


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """Answer a tap: once, and soon."""
    text, is_alert = call.arguments.text("text"), call.arguments.boolean("show_alert")
    tap = call.bot.taps.get(call.arguments.text("callback_query_id"))
    if len(text) > _LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    seconds = time.monotonic() - tap.at if tap else 0.0
    if tap is None or seconds > call.world.limits.callback_seconds:
        raise bad_request(_TOO_OLD)
    del call.bot.taps[tap.id]
    url = call.arguments.text("url")
    tap.chat.answers.append(
        Answer(tap.id, tap.message_id, text, is_alert, url, round(seconds, 4), tap.chat.touch())
    )
    call.world.figures["callbacks_answered"] += 1
    call.answered(tap.chat, is_card=False)
    return True
