"""Patients of the make-believe Telegram, on bare sockets: they measure the bot, not a library."""

import asyncio
import json
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Self

# How long somebody looks at the chat for an answer (seconds).
PATIENCE = 60
_NOTHING = {"is_deleted": True, "text": ""}
_REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
# In place of an action: the button under the text field that shares one's number.
CONTACT_BUTTON = "📱"


class GaveUp(Exception):
    """Somebody did not see what they waited for."""


@dataclass
class Waits:
    """Seconds from what people did until they saw the answer, by step."""

    by_step: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def all(self) -> list[float]:
        """Of all steps, from the shortest to the longest."""
        return sorted(one for some in self.by_step.values() for one in some)

    def percentile(self, share: float, step: str = "") -> float:
        """Milliseconds below which that share of the waits lies."""
        ordered = sorted(self.by_step[step]) if step else self.all
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e3

    def add(self, other: "Waits") -> None:
        """Take in those of somebody else."""
        for step, some in other.by_step.items():
            self.by_step[step].extend(some)


class Wire:
    """One connection to the sandbox that is kept."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One request of the simulation; its JSON. Raises `RuntimeError` for a refusal."""
        sent = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} /simulate{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
        )
        self._writer.write(head.encode() + sent)
        top = await self._reader.readuntil(b"\r\n\r\n")
        length = int(top.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        answer = json.loads(await self._reader.readexactly(length))
        if top[9:12] != b"200":
            raise RuntimeError(f"{method} {path}: {top[9:12].decode()} {answer}")
        return answer


class Person:
    """Somebody with a phone, in a private chat with one bot. What they do is timed into `waits`."""

    def __init__(self, wire: Wire, number: int, *, bot: int = 0, pause: float = 0.0) -> None:
        self.number, self.waits, self.pause = number, Waits(), pause
        self._wire, self._bot, self._revision = wire, f"&bot={bot}" if bot else "", 0
        self._messages: dict[int, dict[str, Any]] = {}
        self._chance = random.Random(number)

    async def join(self) -> None:
        """Become known to Telegram."""
        await self._wire.ask("POST", "/users", {
            "id": self.number, "first_name": f"Person{self.number}", "last_name": "Bench",
            "language_code": "en", "phone": f"+66{self.number}",
        })  # fmt: skip

    async def does(self, step: str, what: str, body: dict[str, Any], *, see: tuple[str, ...] = ()) -> None:
        """Do something, and wait until the bot shows anything (or a button of one of those actions)."""
        if self.pause:
            await asyncio.sleep(self.pause * self._chance.uniform(0.5, 1.5))
        since, begun = self._revision, time.perf_counter()
        await self._wire.ask("POST", f"/users/{self.number}/{what}?{self._bot}", body)
        while not await self._look(since, see):
            if time.perf_counter() - begun > PATIENCE:
                raise GaveUp(step)
        self.waits.by_step[step].append(time.perf_counter() - begun)

    async def taps(self, step: str, *actions: str, see: tuple[str, ...] = ()) -> str:
        """Tap some button of one of the actions in the newest card that has one; the action."""
        for action in actions:
            for number in sorted(self._messages, reverse=True):
                if some := [data for data in _data_of(self._messages[number]) if _action(data) == action]:
                    tapped = {"data": self._chance.choice(some), "message_id": number}
                    await self.does(step, "tap", tapped, see=see)
                    return action
        raise GaveUp(step)

    def has(self, *actions: str) -> bool:
        """Whether the newest card has a button of one of the actions."""
        return any(_action(data) in actions for data in _data_of(self._card))

    @property
    def line(self) -> str:
        """The first line of the newest card."""
        return str(self._card["text"]).partition("\n")[0]

    @property
    def reference(self) -> str:
        """The reference of a booking, if the newest card shows one."""
        found = _REFERENCE.search(str(self._card["text"]))
        return found[0] if found else ""

    @property
    def _card(self) -> dict[str, Any]:
        """The newest message with buttons."""
        cards = [one for one in self._messages.values() if _data_of(one)]
        return max(cards, key=lambda one: int(one["message_id"]), default=_NOTHING)

    async def _look(self, since: int, see: tuple[str, ...]) -> bool:
        path = f"/users/{self.number}/chat?after={self._revision}&wait=10{self._bot}"
        chat = await self._wire.ask("GET", path)
        self._revision = max(self._revision, chat["revision"])
        for message in chat["messages"]:
            if message["from_bot"]:
                self._messages[message["message_id"]] = message
        fresh = [one for one in self._messages.values() if one["revision"] > since]
        if CONTACT_BUTTON in see:
            return bool(chat["reply_keyboard"])
        if see:
            return any(_action(data) in see for one in fresh for data in _data_of(one))
        return bool(fresh) or any(one["text"] for one in chat["answers"])


def _data_of(message: dict[str, Any]) -> list[str]:
    if message["is_deleted"]:
        return []
    return [one["data"] for row in message["buttons"] or () for one in row if one["data"]]


def _action(data: str) -> str:
    return data.partition(".")[0]
