"""Sending (core.telegram.org/bots/api#sendmessage and what follows)."""

import mimetypes
import time
from typing import Any

from telegram_integration.sandbox.call import Call, method
from telegram_integration.sandbox.chats import Chat, Message, StoredFile, now
from telegram_integration.sandbox.errors import bad_request
from telegram_integration.sandbox.formatting import Entities, parse, utf16
from telegram_integration.sandbox.markup import Markup

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
_ACTION_LASTS = 5.0  # seconds
_ACTIONS = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
    *("upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"),
}


def worded(call: Call, name: str, longest: int) -> tuple[str, Entities]:
    """The text, or the caption, of a message. Raises `Refused`."""
    if call.arguments.structure("entities") or call.arguments.structure("caption_entities"):
        raise bad_request("the sandbox reads entities of HTML only")
    given = call.arguments.text(name)
    text, entities = parse(given, call.arguments.text("parse_mode"))
    if utf16(text) > longest:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    return text, entities


def worded_text(call: Call) -> tuple[str, Entities]:
    """The text of a message, which has one. Raises `Refused`."""
    if not call.arguments.text("text"):
        raise bad_request("message text is empty")
    text, entities = worded(call, "text", LONGEST_TEXT)
    if not text:
        raise bad_request("text must be non-empty")
    return text, entities


def manner(call: Call) -> dict[str, Any]:
    """How a message is sent: kept, for the simulation to see."""
    arguments = call.arguments
    preview = arguments.object("link_preview_options")
    if arguments.boolean("disable_web_page_preview"):
        preview = {"is_disabled": True}
    return {
        "protect_content": arguments.boolean("protect_content"),
        "disable_notification": arguments.boolean("disable_notification"),
        "message_effect_id": arguments.text("message_effect_id"),
        "link_preview_options": preview,
    }


def replied_to(call: Call, chat: Chat) -> int:
    """The message that is replied to; 0 for none. Raises `Refused`."""
    asked = call.arguments.object("reply_parameters") or {}
    wanted = asked.get("message_id", call.arguments.integer("reply_to_message_id"))
    if not isinstance(wanted, int):
        raise bad_request("can't parse reply parameters: message_id must be a Number")
    found = chat.messages.get(wanted) if wanted else None
    if wanted and (found is None or found.is_deleted):
        if asked.get("allow_sending_without_reply") is True:
            return 0
        raise bad_request("message to be replied not found")
    return wanted


def post(call: Call, chat: Chat, message: Message, markup: Markup | None) -> dict[str, Any]:
    """Put a message of the bot into a chat, if the limits let it. Raises `Refused` (429)."""
    call.bot.meter.take(chat.id, time.monotonic())
    if markup is not None:
        message.rows = markup.rows
        if markup.keyboard or markup.removes:
            chat.keyboard = markup.keyboard
    chat.messages[message.id] = message
    message.revision = chat.touch()
    call.world.figures["messages"] += 1
    call.answered(chat, is_card=True)
    return call.told(chat, message)


def _check_for_chat(markup: Markup | None, chat: Chat) -> None:
    keys = markup.keyboard["rows"] if markup and markup.keyboard else []
    if chat.kind != "private" and any(key["request_contact"] for row in keys for key in row):
        raise bad_request("phone number can be requested in private chats only")


@method("sendMessage")
def send_message(call: Call) -> dict[str, Any]:
    """Send a text."""
    text, entities = worded_text(call)
    markup, how = call.markup(), manner(call)
    chat = call.open_chat()
    _check_for_chat(markup, chat)
    message = Message(call.bot.new_message_id(), now(), text=text, entities=entities, manner=how)
    message.reply_to = replied_to(call, chat)
    return post(call, chat, message, markup)


@method("sendDocument")
def send_document(call: Call) -> dict[str, Any]:
    """Send a file: one that comes along, or one that is known by its id."""
    caption, entities = worded(call, "caption", LONGEST_CAPTION)
    markup, how = call.markup(), manner(call)
    chat = call.open_chat()
    _check_for_chat(markup, chat)
    file = _file(call, "document")
    message = Message(call.bot.new_message_id(), now(), kind="document", text=caption, entities=entities)
    message.more, message.manner = {"document": as_document(file)}, how
    message.reply_to = replied_to(call, chat)
    return post(call, chat, message, markup)


def as_document(file: StoredFile) -> dict[str, Any]:
    """A file as a `Document` of the Bot API."""
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.media_type,
        "file_size": len(file.content),
    }


def _file(call: Call, name: str) -> StoredFile:
    value = call.arguments.text(name)
    upload = call.arguments.files.get(value.removeprefix("attach://") if value else name)
    if upload is None and value in call.world.files:
        return call.world.files[value]
    if upload is None and value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if upload is None:
        raise bad_request(
            "wrong file identifier/HTTP URL specified" if value else f"there is no {name} in the request"
        )
    if not upload.content:
        raise bad_request("file must be non-empty")
    guessed = mimetypes.guess_type(upload.name)[0] or upload.media_type
    return call.world.store(upload.name, upload.content, guessed)


@method("sendLocation")
def send_location(call: Call) -> dict[str, Any]:
    """Send a place."""
    place = {name: _coordinate(call, name) for name in ("latitude", "longitude")}
    markup, how = call.markup(), manner(call)
    chat = call.open_chat()
    message = Message(call.bot.new_message_id(), now(), kind="location", more={"location": place}, manner=how)
    return post(call, chat, message, markup)


def _coordinate(call: Call, name: str) -> float:
    try:
        return float(call.arguments.values[name])
    except (KeyError, TypeError, ValueError):
        raise bad_request(f"{name} is empty") from None


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Say that something is on its way."""
    action = call.arguments.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.open_chat()
    chat.action, chat.action_until = action, time.monotonic() + _ACTION_LASTS
    chat.touch()
    return True


@method("getFile")
def get_file(call: Call) -> dict[str, Any]:
    """Where a file can be fetched."""
    file = call.world.files.get(call.arguments.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }
