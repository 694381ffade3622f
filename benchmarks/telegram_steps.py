"""One person's way through the bot inside this process: what each step costs without any Telegram."""

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from telegram_integration.answering import answer
from telegram_integration.cards import Reply
from telegram_integration.models import TelegramBot

# The first person's number in the chat, and the end of their phone's.
FIRST = 890_000_000
# Name of the step, and the action of the button that is tapped.
WAY = (
    ("main menu → services", "b"),
    ("service → month", "bs"),
    ("day → times", "bd"),
    ("time → summary (held)", "bt"),
    ("confirm → ticket", "bc"),
)


@dataclass
class Cost:
    """What a step took, each time: statements, and milliseconds of wall time, of CPU and in the database."""

    statements: list[int] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    def row(self) -> str:
        """The medians, as the end of a row in Markdown."""
        middle = [sorted(some)[len(some) // 2] for some in (self.whole, self.cpu, self.database)]
        return f"{sorted(self.statements)[len(self.statements) // 2]} | " + " | ".join(
            f"{one:.1f}" for one in middle
        )


def costs(bot: TelegramBot, people: int) -> dict[str, Cost]:
    """Let some people register and book, one after the other; the cost of each step."""
    found: dict[str, Cost] = {}
    for number in range(people):
        _Walker(bot, FIRST + number, found).walk()
    return found


class _Walker:
    _updates = itertools.count(1)

    def __init__(self, bot: TelegramBot, number: int, costs: dict[str, Cost]) -> None:
        self._bot, self._number, self._costs = bot, number, costs
        self._who = {"id": number, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
        self._chat = {"id": number, "type": "private", "first_name": "Somebody"}
        self._data: list[str] = []

    def walk(self) -> None:
        self._does("start", {"message": self._message(text="/start")})
        self._tap("name → phone", "r")
        contact = {"phone_number": f"66{self._number}", "first_name": "Somebody", "user_id": self._number}
        self._does("contact shared → menu", {"message": self._message(contact=contact)})
        for step, action in WAY:
            self._tap(step, action)

    def _message(self, **more: Any) -> dict[str, Any]:
        return {"message_id": 1, "date": int(time.time()), "chat": self._chat, "from": self._who, **more}

    def _with(self, action: str) -> list[str]:
        return [data for data in self._data if data.partition(".")[0] == action]

    def _tap(self, step: str, action: str) -> None:
        some = self._with(action)
        if not some:
            raise RuntimeError(f"{step}: no button {action!r}")
        data = some[(self._number * 7) % len(some)]
        query = {
            "id": str(self._number), "from": self._who, "chat_instance": "1", "data": data,
            "message": {**self._message(text="x"), "from": {"id": 1, "is_bot": True, "first_name": "Bot"}},
        }  # fmt: skip
        self._does(step, {"callback_query": query})

    def _does(self, step: str, update: dict[str, Any]) -> None:
        cost = self._costs.setdefault(step, Cost())
        with _counted() as spent:
            begun, busy = time.perf_counter(), time.process_time()
            done = answer(self._bot, {"update_id": next(self._updates), **update})
            cost.whole.append((time.perf_counter() - begun) * 1e3)
            cost.cpu.append((time.process_time() - busy) * 1e3)
        cost.statements.append(len(spent))
        cost.database.append(sum(spent) * 1e3)
        if done is not None and (buttons := _data_of(done.reply)):
            self._data = buttons


def _data_of(reply: Reply) -> list[str]:
    return [button.data for card in reply.cards for row in card.rows for button in row if button.data]


@contextmanager
def _counted() -> Iterator[list[float]]:
    spent: list[float] = []

    def timing(execute: Any, *asked: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*asked)
        finally:
            spent.append(time.perf_counter() - begun)

    with connection.execute_wrapper(timing):
        yield spent
