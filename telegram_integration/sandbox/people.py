"""What people do with a bot, as updates: writing, tapping, sharing, blocking."""

import secrets
import time
from typing import Any

from telegram_integration.sandbox.chats import Chat, Message, Person, Tap, now
from telegram_integration.sandbox.errors import Impossible
from telegram_integration.sandbox.formatting import found_in
from telegram_integration.sandbox.state import Bot, World, as_message
from telegram_integration.sandbox.updates import put

_MEDIA: dict[str, dict[str, Any]] = {
    "photo": {"photo": [{"width": 90, "height": 60}, {"width": 1280, "height": 853}]},
    "sticker": {
        "sticker": {
            "type": "regular",
            "emoji": "👍",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
    },
    "voice": {"voice": {"duration": 3, "mime_type": "audio/ogg"}},
    "video": {"video": {"width": 640, "height": 360, "duration": 5}},
    "document": {"document": {"file_name": "paper.pdf", "mime_type": "application/pdf"}},
    "location": {"location": {"latitude": 13.7563, "longitude": 100.5018}},
}
_LONGEST_TEXT = 4096


def begin(chat: Chat) -> None:
    """A person did something: the bot may write to them, and they wait for it."""
    chat.is_started = True
    chat.waiting_for_answer = chat.waiting_for_card = time.monotonic()


def say(
    world: World, bot: Bot, chat: Chat, person: Person, content: dict[str, Any]
) -> tuple[int, Message | None]:
    """Put a message of a person into a chat; the id of its update, and the message.

    ``content`` are fields of `state.Message`. Raises `Impossible` where the person has blocked the bot.
    """
    if chat.is_blocked:
        raise Impossible("The person has blocked the bot: unblock it first.")
    begin(chat)
    message = Message(bot.new_message_id(), now(), person=person, **content)
    chat.messages[message.id] = message
    message.revision = chat.touch()
    if chat.keyboard and chat.keyboard["is_one_time"]:
        chat.keyboard = None
    return put(world, bot, "message", as_message(bot, chat, message)), message


def text(words: str, reply_to: int = 0) -> dict[str, Any]:
    """What is typed. Raises `Impossible` for what cannot be."""
    words = words.strip()
    if not words or len(words) > _LONGEST_TEXT:
        raise Impossible(f"A message has 1 to {_LONGEST_TEXT} characters.")
    return {"text": words, "entities": found_in(words), "reply_to": reply_to}


def contact(person: Person, asked: dict[str, Any]) -> dict[str, Any]:
    """A shared contact: the person's own, or somebody's. Raises `Impossible` without a number."""
    is_own = asked.get("own", True)
    phone = asked.get("phone") or (person.phone if is_own else "")
    if not phone:
        raise Impossible("The person has no phone number.")
    card: dict[str, Any] = {
        # Some of Telegram's apps leave the plus away: here those of people with an even id.
        "phone_number": phone.removeprefix("+") if is_own and person.id % 2 == 0 else phone,
        "first_name": asked.get("first_name") or (person.first_name if is_own else "Someone"),
    }
    if last_name := asked.get("last_name") or (person.last_name if is_own else ""):
        card["last_name"] = last_name
    if user_id := asked.get("user_id") or (person.id if is_own else 0):
        card["user_id"] = user_id
    more: dict[str, Any] = {"contact": card}
    if asked.get("forwarded"):
        origin = {"type": "user", "date": now(), "sender_user": person.as_user()}
        more |= {"forward_origin": origin, "forward_date": now(), "forward_from": person.as_user()}
    return {"kind": "contact", "more": more}


def media(kind: str, caption: str) -> dict[str, Any]:
    """A photo, a sticker and so on. Raises `Impossible` for what there is not."""
    if kind not in _MEDIA:
        raise Impossible(f"kind is one of {', '.join(_MEDIA)}.")
    more = {name: _with_ids(value) if kind != "location" else value for name, value in _MEDIA[kind].items()}
    return {"kind": kind, "text": caption.strip(), "more": more}


def _with_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_ids(one) for one in value]
    return {"file_id": secrets.token_urlsafe(36), "file_unique_id": secrets.token_urlsafe(9), **value}


def edit(world: World, bot: Bot, chat: Chat, message_id: int, words: str) -> tuple[int, Message | None]:
    """Change a text that the person wrote. Raises `Impossible`."""
    message = chat.messages.get(message_id)
    if message is None or message.is_deleted or message.person is None or message.kind != "text":
        raise Impossible("There is no such text of this person.", 404)
    for name, value in text(words).items():
        setattr(message, name, value)
    message.edit_date = now()
    message.revision = chat.touch()
    return put(world, bot, "edited_message", as_message(bot, chat, message)), message


def button(chat: Chat, asked: dict[str, Any]) -> tuple[Message, dict[str, Any]]:
    """The button that is meant, in the newest message that has it. Raises `Impossible`."""
    wanted = asked.get("message_id")
    label, data = asked.get("label", ""), asked.get("data", "")
    if not label and not data:
        raise Impossible("Say which button: label or data.")
    for message in sorted(chat.messages.values(), key=lambda one: -one.id):
        if message.is_deleted or (wanted and message.id != wanted):
            continue
        hit = _pressed([one for row in message.rows for one in row], label, data)
        if hit is not None:
            return message, hit
        if asked.get("forged") and data and message.person is None:
            return message, {"text": "", "callback_data": data}
    raise Impossible(f"There is no button {label or data!r}.", 404)


def _pressed(found: list[dict[str, Any]], label: str, data: str) -> dict[str, Any] | None:
    """The button with the data, else with the whole label, else with the label as a part of its own."""
    fitting = (
        [one for one in found if data and one.get("callback_data") == data],
        [one for one in found if label and one["text"] == label],
        [one for one in found if label and label in one["text"]],
    )
    return next((some[0] for some in fitting if some), None)


def tap(world: World, bot: Bot, chat: Chat, person: Person, asked: dict[str, Any]) -> dict[str, Any]:
    """Tap a button: what the simulation answers. Raises `Impossible`."""
    message, pressed = button(chat, asked)
    if "url" in pressed:
        return {"update_id": 0, "callback_query_id": "", "url": pressed["url"], "message": None}
    if "callback_data" not in pressed:
        raise Impossible("The button is disabled, or does nothing here.")
    if chat.is_blocked:
        raise Impossible("The person has blocked the bot: unblock it first.")
    begin(chat)
    one = Tap(str(secrets.randbelow(2**62)), chat, message.id, time.monotonic())
    bot.taps[one.id] = one
    world.figures["callbacks"] += 1
    query = {
        "id": one.id,
        "from": person.as_user(),
        "message": as_message(bot, chat, message),
        "chat_instance": str(-(chat.id * 7_919 + bot.id)),
        "data": pressed["callback_data"],
    }
    update_id = put(world, bot, "callback_query", query)
    return {"update_id": update_id, "callback_query_id": one.id, "url": "", "message": None}


def block(world: World, bot: Bot, chat: Chat, person: Person, *, is_blocked: bool) -> int:
    """Block the bot, or let it write again; the id of the update."""
    if chat.is_blocked == is_blocked:
        return 0
    chat.is_blocked = is_blocked
    chat.touch()
    member, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
    old, new = (member, kicked) if is_blocked else (kicked, member)
    change = {
        "chat": chat.as_chat(),
        "from": person.as_user(),
        "date": now(),
        "old_chat_member": {"user": bot.as_user(), **old},
        "new_chat_member": {"user": bot.as_user(), **new},
    }
    return put(world, bot, "my_chat_member", change)


def forget(chat: Chat) -> None:
    """Delete the history, for both sides."""
    for message in chat.messages.values():
        if not message.is_deleted:
            message.is_deleted = True
            message.revision = chat.touch()
    chat.keyboard = None
