"""What the make-believe Telegram knows: people, bots with their chats, files. In memory, of one process.

Everything is touched by one event loop alone, so that nothing needs a lock.
"""

import random
import secrets
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from telegram_integration.sandbox.chats import Chat, Message, Person, StoredFile, Tap
from telegram_integration.sandbox.limits import Limits, Meter
from telegram_integration.sandbox.signals import Signal

_FIRST_PERSON = 5_000_000_001
_FORGOTTEN = ("people", "files", "faults", "figures", "calls", "log", "refusals", "first", "shown")


@dataclass
class Webhook:
    """Where updates are posted."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


@dataclass
class Bot:
    """A bot, known by its token."""

    id: int
    token: str
    first_name: str
    username: str
    meter: Meter
    chats: dict[int, Chat] = field(default_factory=dict)
    next_message: int = field(default_factory=lambda: random.randrange(100, 5000))  # noqa: S311  -- no secret
    next_update: int = field(default_factory=lambda: random.randrange(10**8, 9 * 10**8))  # noqa: S311  -- no secret
    pending: dict[int, dict[str, Any]] = field(default_factory=dict)
    arrived: Signal = field(default_factory=Signal)
    allowed: list[str] = field(default_factory=list)
    webhook: Webhook | None = None
    # Which getUpdates is the last one; another one that waits is ended.
    poll: int = 0
    polls: int = 0
    delivered: Counter[int] = field(default_factory=Counter)
    taps: dict[str, Tap] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "commands"})
    is_revoked: bool = False

    def as_user(self) -> dict[str, Any]:
        """As a `User` of the Bot API."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def new_message_id(self) -> int:
        """The next id: they rise, with gaps, as in Telegram."""
        self.next_message += random.randrange(1, 4)  # noqa: S311  -- no secret
        return self.next_message

    def chat_with(self, person: Person) -> Chat:
        """The chat of a person with this bot."""
        return self.chats.setdefault(person.id, Chat(person.id, person=person))

    def group(self, chat_id: int) -> Chat:
        """A group with this bot in it."""
        found = self.chats.setdefault(chat_id, Chat(chat_id, kind="group"))
        found.is_started = True
        return found


@dataclass
class World:
    """Everything."""

    limits: Limits = field(default_factory=Limits)
    people: dict[int, Person] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    faults: list["Fault"] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=2000))
    refusals: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=500))
    first: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)

    def bot_of(self, token: str) -> Bot:
        """The bot of a token, made at its first call. The token has the right form."""
        bot_id = int(token.partition(":")[0])
        found = self.bots.get(bot_id)
        if found is None:
            found = Bot(bot_id, token, "NadMor", f"nadmor_{bot_id}_bot", Meter(self.limits))
            self.bots[bot_id] = found
        return found

    def person(self, person_id: int | None) -> Person:
        """A person of that id, made if there is none; without one, somebody new."""
        wanted = person_id or max([_FIRST_PERSON - 1, *self.people]) + 1
        return self.people.setdefault(wanted, Person(wanted))

    def store(self, name: str, content: bytes, media_type: str) -> StoredFile:
        """Keep a file."""
        ending = name.rpartition(".")[2] if "." in name else "bin"
        path = f"documents/file_{len(self.files)}.{ending}"
        file = StoredFile(
            secrets.token_urlsafe(36), secrets.token_urlsafe(9), path, name, content, media_type
        )
        self.files[file.id] = file
        return file

    def reset(self) -> None:
        """Forget everything but the bots and the limits."""
        for bot in self.bots.values():
            for chat in bot.chats.values():
                chat.changed.fire()
            bot.chats.clear()
            bot.pending.clear()
            bot.taps.clear()
            bot.delivered.clear()
            bot.meter = Meter(self.limits)
        for field_ in _FORGOTTEN:
            getattr(self, field_).clear()


@dataclass
class Fault:
    """What the next calls shall meet."""

    kind: str
    method: str = ""
    times: int = 1
    retry_after: int = 1
    seconds: float = 60.0
    chat_id: int = 0


def as_message(bot: Bot, chat: Chat, message: Message) -> dict[str, Any]:
    """As a `Message` of the Bot API."""
    told: dict[str, Any] = {
        "message_id": message.id,
        "from": message.person.as_user() if message.person else bot.as_user(),
        "chat": chat.as_chat(),
        "date": message.date,
        **message.more,
    }
    words, entities = ("text", "entities") if message.kind == "text" else ("caption", "caption_entities")
    if message.text:
        told[words] = message.text
        if message.entities:
            told[entities] = message.entities
    if message.edit_date:
        told["edit_date"] = message.edit_date
    if message.rows:
        told["reply_markup"] = {"inline_keyboard": message.rows}
    if message.manner.get("protect_content"):
        told["has_protected_content"] = True
    if (replied := chat.messages.get(message.reply_to)) and not replied.is_deleted:
        told["reply_to_message"] = {**as_message(bot, chat, replied), "reply_to_message": None}
        del told["reply_to_message"]["reply_to_message"]
    return told
