"""One call of a method of the Bot API, and the table of the methods."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram_integration.sandbox.chats import Chat, Message
from telegram_integration.sandbox.errors import bad_request, forbidden
from telegram_integration.sandbox.markup import Markup
from telegram_integration.sandbox.parameters import Arguments
from telegram_integration.sandbox.state import Bot, World, as_message


@dataclass
class Call:
    """Who called, with what."""

    world: World
    bot: Bot
    arguments: Arguments
    # Whether the caller has hung up.
    is_gone: Callable[[], Awaitable[bool]]

    def chat(self) -> Chat:
        """The chat that is named. Raises `Refused` as Telegram does for one that is not there."""
        if self.arguments.values.get("chat_id", "") == "":
            raise bad_request("chat_id is empty")
        value = self.arguments.values["chat_id"]
        if isinstance(value, str) and value.startswith("@"):
            raise bad_request("chat not found")
        chat_id = self.arguments.integer("chat_id")
        found = self.bot.chats.get(chat_id)
        if found is None and chat_id in self.world.people:
            return self.bot.chat_with(self.world.people[chat_id])
        if found is None:
            raise bad_request("chat not found")
        return found

    def open_chat(self) -> Chat:
        """The chat that is named, which the bot may write to. Raises `Refused`."""
        chat = self.chat()
        if chat.is_blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.is_started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def markup(self) -> Markup | None:
        """The keyboard; None if none was given."""
        if not self.arguments.has("reply_markup") or self.arguments.values["reply_markup"] == "":
            return None
        return Markup(self.arguments.structure("reply_markup"))

    def told(self, chat: Chat, message: Message) -> dict[str, Any]:
        """A message as the result of the call."""
        return as_message(self.bot, chat, message)

    def answered(self, chat: Chat, *, is_card: bool) -> None:
        """Note that the bot did something in a chat: how long the person has waited for it."""
        now = time.monotonic()
        chat.action = ""
        if chat.waiting_for_answer is not None:
            self.world.first.append(now - chat.waiting_for_answer)
            chat.waiting_for_answer = None
        if is_card and chat.waiting_for_card is not None:
            self.world.shown.append(now - chat.waiting_for_card)
            chat.waiting_for_card = None


Performer = Callable[[Call], Any | Awaitable[Any]]
METHODS: dict[str, tuple[str, Performer]] = {}


def method(name: str) -> Callable[[Performer], Performer]:
    """Enter a method into the table. Telegram does not look at upper and lower case."""

    def enter(performer: Performer) -> Performer:
        METHODS[name.lower()] = (name, performer)
        return performer

    return enter
