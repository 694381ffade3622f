"""Telegram's JSON of an update, read into plain values. Whoever sends it may have put anything into it.

Fields as in core.telegram.org/bots/api#update.
"""

import re
from dataclasses import dataclass
from typing import Any

from telegram_integration.turn import SharedContact

# A message has no more characters (core.telegram.org/bots/api#sendmessage); names are shorter.
_LONGEST_TEXT, _LONGEST_NAME = 4096, 64
# Controls but tab and line feed, and halves of surrogate pairs: no database and no chat takes them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?\s*", re.DOTALL)
# As Telegram writes the number of an account; +888 is for numbers that are no telephones
# (fragment.com, "anonymous numbers").
_TELEPHONE = re.compile(r"\+?(?!888)[0-9]{8,15}")
# What Telegram itself notes in a chat. Nobody waits for an answer to that.
_NOTES = frozenset(
    {
        "boost_added", "chat_background_set", "chat_shared", "connected_website", "gift", "left_chat_member",
        "message_auto_delete_timer_changed", "new_chat_members", "passport_data", "pinned_message",
        "proximity_alert_triggered", "users_shared", "video_chat_ended", "video_chat_started",
        "write_access_allowed",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A person as Telegram describes them."""

    telegram_id: int
    username: str = ""
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What somebody did in a chat: wrote, tapped (`callback_id`), or shut the bot out or let it in again.

    `message_id` is the tapped card's. `has_blocked` is None but for the latter.
    """

    sender: Sender
    chat_id: int
    is_private: bool
    update_id: int
    command: str = ""
    text: str = ""
    contact: SharedContact | None = None
    is_other: bool = False
    callback_id: str = ""
    data: str = ""
    message_id: int = 0
    has_blocked: bool | None = None


def read(payload: dict[str, Any]) -> Incoming | None:
    """What an update tells; None for what is not for us to answer."""
    update_id = _integer(payload.get("update_id"))
    if tapped := _object(payload.get("callback_query")):
        return _read_tap(tapped, update_id)
    if message := _object(payload.get("message")):
        return _read_message(message, update_id)
    if changed := _object(payload.get("my_chat_member")):
        return _read_membership(changed, update_id)
    return None


def _read_tap(tapped: dict[str, Any], update_id: int) -> Incoming | None:
    message = _object(tapped.get("message"))
    place = _place(tapped, message, update_id)
    if place is None:
        return None
    return Incoming(
        **place,
        callback_id=_text(tapped.get("id")),
        data=_text(tapped.get("data")),
        message_id=_integer(message.get("message_id")),
    )


def _read_message(message: dict[str, Any], update_id: int) -> Incoming | None:
    place = _place(message, message, update_id)
    if place is None or not _NOTES.isdisjoint(message):
        return None
    text = _text(message.get("text"))
    if match := _COMMAND.fullmatch(text):
        return Incoming(**place, command=match[1].lower(), text=(match[2] or "").strip())
    contact = _contact(message)
    return Incoming(
        **place, text=text.strip(), contact=contact, is_other=not text.strip() and contact is None
    )


def _read_membership(changed: dict[str, Any], update_id: int) -> Incoming | None:
    place = _place(changed, changed, update_id)
    if place is None:
        return None
    status = _object(changed.get("new_chat_member")).get("status")
    return Incoming(**place, has_blocked=status in ("kicked", "left"))


def _place(source: dict[str, Any], message: dict[str, Any], update_id: int) -> dict[str, Any] | None:
    """Who and where: None without a person (channels) or from another bot."""
    person, chat = _object(source.get("from")), _object(message.get("chat"))
    telegram_id, chat_id = _integer(person.get("id")), _integer(chat.get("id"))
    if not telegram_id or not chat_id or person.get("is_bot"):
        return None
    sender = Sender(
        telegram_id=telegram_id,
        username=_name(person.get("username")),
        first_name=_name(person.get("first_name")),
        last_name=_name(person.get("last_name")),
    )
    is_private = chat.get("type") == "private"
    return {"sender": sender, "chat_id": chat_id, "is_private": is_private, "update_id": update_id}


def _contact(message: dict[str, Any]) -> SharedContact | None:
    """A contact. It is the sender's own where Telegram itself has filled in whose it is.

    Clients cannot write `user_id` (tdlib/td, issue 2575), but they can hand on a message with it.
    """
    contact = _object(message.get("contact"))
    if not contact:
        return None
    phone = _text(contact.get("phone_number"))
    is_handed_on = not message.keys().isdisjoint(
        {"forward_origin", "forward_from", "forward_date", "via_bot"}
    )
    is_own = (
        _integer(contact.get("user_id")) == _integer(_object(message.get("from")).get("id"))
        and _object(message.get("chat")).get("type") == "private"
        and not is_handed_on
        and _TELEPHONE.fullmatch(phone) is not None
    )
    return SharedContact(phone=phone, is_own=is_own)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _integer(value: Any) -> int:
    return value if type(value) is int else 0


def _text(value: Any) -> str:
    return _UNPRINTABLE.sub("", value[:_LONGEST_TEXT]) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    return " ".join(_text(value)[:_LONGEST_NAME].split())
