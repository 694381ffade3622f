"""People, their chats with bots, and what stands in them."""

import time
from dataclasses import dataclass, field
from typing import Any

from telegram_integration.sandbox.formatting import to_html
from telegram_integration.sandbox.signals import Signal


def now() -> int:
    """The time in whole seconds, as the Bot API tells it."""
    return int(time.time())


@dataclass
class Person:
    """Somebody with Telegram."""

    id: int
    first_name: str = "Somebody"
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    phone: str = ""

    def named(self) -> dict[str, Any]:
        """The names, those that there are."""
        names = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {name: value for name, value in names.items() if value}

    def as_user(self) -> dict[str, Any]:
        """As a `User` of the Bot API."""
        language = {"language_code": self.language_code} if self.language_code else {}
        return {"id": self.id, "is_bot": False, **self.named(), **language}


@dataclass
class StoredFile:
    """A file that somebody sent."""

    id: str
    unique_id: str
    path: str
    name: str
    content: bytes
    media_type: str


@dataclass
class Message:
    """A message of a bot (`person` is None) or of a person."""

    id: int
    date: int
    person: Person | None = None
    kind: str = "text"
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[dict[str, Any]]] = field(default_factory=list)
    # What else a `Message` of the Bot API has: contact, document, location and so on.
    more: dict[str, Any] = field(default_factory=dict)
    # How a bot sent it: protected, silent and so on.
    manner: dict[str, Any] = field(default_factory=dict)
    reply_to: int = 0
    edit_date: int = 0
    is_deleted: bool = False
    revision: int = 0

    @property
    def html(self) -> str:
        """The text, or a file's caption, as HTML that is safe to be shown."""
        return to_html(self.text, self.entities)


@dataclass
class Answer:
    """What a bot said to a tap."""

    callback_query_id: str
    message_id: int
    text: str
    show_alert: bool
    url: str
    seconds: float
    revision: int


@dataclass
class Chat:
    """The chat of one person, or one group, with one bot."""

    id: int
    kind: str = "private"
    person: Person | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    is_started: bool = False
    is_blocked: bool = False
    keyboard: dict[str, Any] | None = None
    action: str = ""
    action_until: float = 0.0
    revision: int = 0
    changed: Signal = field(default_factory=Signal)
    # When the person last did something that was not answered yet (monotonic seconds), and not shown yet.
    waiting_for_answer: float | None = None
    waiting_for_card: float | None = None

    def as_chat(self) -> dict[str, Any]:
        """As a `Chat` of the Bot API."""
        if self.person is None or self.kind != "private":
            return {"id": self.id, "type": self.kind, "title": f"Group {-self.id}"}
        return {"id": self.id, "type": "private", **self.person.named()}

    def touch(self) -> int:
        """Say that something changed; the new revision."""
        self.revision += 1
        self.changed.fire()
        return self.revision


@dataclass
class Tap:
    """A button that was tapped, until it is answered."""

    id: str
    chat: Chat
    message_id: int
    at: float
