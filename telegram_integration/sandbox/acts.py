"""The simulation's addresses about people: who there is, what they do, what they see."""

import time
from dataclasses import asdict
from typing import Any

from telegram_integration.sandbox import people, views
from telegram_integration.sandbox.asked import Asked, number, seconds
from telegram_integration.sandbox.chats import Message
from telegram_integration.sandbox.errors import Impossible
from telegram_integration.sandbox.state import World
from telegram_integration.sandbox.tokens import TOKEN


# ── people ─────────────────────────────────────────────────────────────────────
def _people(world: World, _: Asked) -> Any:
    return {"users": [asdict(person) for person in world.people.values()]}


def _person(world: World, asked: Asked) -> Any:
    names = ("first_name", "last_name", "username", "language_code", "phone")
    changes = {name: asked.fields[name] for name in names if name in asked.fields}
    if not all(isinstance(value, str) for value in changes.values()):
        raise Impossible("The fields of a person are texts.")
    person = world.person(number(asked.fields.get("id") or 0) or None)
    for name, value in changes.items():
        setattr(person, name, value)
    return asdict(person)


def _bots(world: World, _: Asked) -> Any:
    return {"bots": [views.as_bot(bot) for bot in world.bots.values()]}


def _bot(world: World, asked: Asked) -> Any:
    token = asked.fields.get("token", "")
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        raise Impossible("That is no token.")
    bot = world.bot_of(token)
    bot.first_name = asked.fields.get("first_name") or bot.first_name
    bot.username = asked.fields.get("username") or bot.username
    return views.as_bot(bot)


# ── what one person does ───────────────────────────────────────────────────────
def _text(world: World, asked: Asked) -> Any:
    content = people.text(str(asked.fields.get("text", "")), number(asked.fields.get("reply_to") or 0))
    return _say(world, asked, content)


def _start(world: World, asked: Asked) -> Any:
    people.block(world, asked.bot, asked.chat, asked.person, is_blocked=False)
    return _say(world, asked, people.text(f"/start {asked.fields.get('payload', '')}"))


def _contact(world: World, asked: Asked) -> Any:
    return _say(world, asked, people.contact(asked.person, asked.fields))


def _media(world: World, asked: Asked) -> Any:
    content = people.media(str(asked.fields.get("kind", "")), str(asked.fields.get("caption", "")))
    return _say(world, asked, content)


def _say(world: World, asked: Asked, content: dict[str, Any]) -> Any:
    update_id, message = people.say(world, asked.bot, asked.chat, asked.person, content)
    return _done(asked, update_id, message)


def _done(asked: Asked, update_id: int, message: Message | None = None) -> dict[str, Any]:
    told = views.as_message(message) if message else None
    # The loop has not been let go since: the bot's answer has a later revision.
    return {"update_id": update_id, "message": told, "revision": asked.chat.revision}


def _tap(world: World, asked: Asked) -> Any:
    return {
        **people.tap(world, asked.bot, asked.chat, asked.person, asked.fields),
        "revision": asked.chat.revision,
    }


def _edit(world: World, asked: Asked) -> Any:
    message_id, words = number(asked.fields.get("message_id")), str(asked.fields.get("text", ""))
    update_id, message = people.edit(world, asked.bot, asked.chat, message_id, words)
    return _done(asked, update_id, message)


def _block(world: World, asked: Asked) -> Any:
    return _done(asked, people.block(world, asked.bot, asked.chat, asked.person, is_blocked=True))


def _unblock(world: World, asked: Asked) -> Any:
    return _done(asked, people.block(world, asked.bot, asked.chat, asked.person, is_blocked=False))


def _forget(_: World, asked: Asked) -> Any:
    people.forget(asked.chat)
    return _done(asked, 0)


async def _chat(_: World, asked: Asked) -> Any:
    after, chat = number(asked.query.get("after", 0)), asked.chat
    until = time.monotonic() + seconds(asked.query.get("wait", "0"))
    while chat.revision == after and (left := until - time.monotonic()) > 0:
        await chat.changed.wait(left)
    return views.as_chat(asked.bot, chat, asked.person, after)


HANDLERS = (
    *(("GET", "/users", _people), ("POST", "/users", _person)),
    *(("GET", "/bots", _bots), ("POST", "/bots", _bot)),
    *(("POST", "/users/{id:int}/text", _text), ("POST", "/users/{id:int}/start", _start)),
    *(("POST", "/users/{id:int}/tap", _tap), ("POST", "/users/{id:int}/contact", _contact)),
    *(("POST", "/users/{id:int}/media", _media), ("POST", "/users/{id:int}/edit", _edit)),
    *(("POST", "/users/{id:int}/block", _block), ("POST", "/users/{id:int}/unblock", _unblock)),
    *(("DELETE", "/users/{id:int}/chat", _forget), ("GET", "/users/{id:int}/chat", _chat)),
)
