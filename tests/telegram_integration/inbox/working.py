"""A worker of the inbox in a thread of this process, with handlers of the test's own."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connections

from telegram_integration.answering import Answer
from telegram_integration.cards import Card, Reply
from telegram_integration.inbox.switchboard import Switchboard
from telegram_integration.inbox.worker import Answers, Worker
from telegram_integration.models import TelegramBot, TelegramUpdate

# What is waited for in vain fails the test after this (seconds).
PATIENCE = 30.0
NOBODY = UUID(int=0)


@contextmanager
def working(answers: Answers, *, workers: int = 1) -> Iterator[None]:
    """Workers that take what is in the inbox while the block runs, each with an event loop of its own."""
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    threads = [threading.Thread(target=_run, args=(answers, loops)) for _ in range(workers)]
    for thread in threads:
        thread.start()
    until(lambda: len(loops) == workers)
    try:
        yield
    finally:
        for loop, stopping in loops:
            loop.call_soon_threadsafe(stopping.set)
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def _run(answers: Answers, loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
    async def work() -> None:
        switchboard, stopping = Switchboard(), asyncio.Event()
        await switchboard.use(await asyncio.to_thread(_read))
        loops.append((asyncio.get_running_loop(), stopping))
        await Worker(switchboard, answers=answers).run(stopping)
        await switchboard.close()

    asyncio.run(work())


def _read() -> list[tuple[TelegramBot, str]]:
    try:
        return Switchboard.read_bots()
    finally:
        connections.close_all()


def text(update_id: int, *, chat: int = 5001, said: str = "hello") -> dict[str, Any]:
    """A private message, as Telegram sends it."""
    sender = {"id": chat, "is_bot": False, "first_name": "Malee", "language_code": "en"}
    told = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}, "from": sender, "text": said}
    return {"update_id": update_id, "message": told}


def tap(update_id: int, *, chat: int = 5001, data: str = "m.0.x", message_id: int = 1) -> dict[str, Any]:
    """A tap on a button, as Telegram sends it."""
    told = text(update_id, chat=chat)["message"]
    query = {"id": str(update_id), "from": told["from"], "chat_instance": "1", "data": data}
    return {
        "update_id": update_id,
        "callback_query": {**query, "message": {**told, "message_id": message_id}},
    }


def reply(payload: dict[str, Any], *cards: str, **more: Any) -> Answer:
    """An answer of these cards to a message or a tap."""
    query = payload.get("callback_query")
    message = query["message"] if query else payload["message"]
    return Answer(
        chat_id=message["chat"]["id"],
        reply=Reply(cards=tuple(Card(text=card) for card in cards), **more),
        user_id=NOBODY,
        callback_id=query["id"] if query else "",
        message_id=message["message_id"] if query else 0,
    )


def echo(bot: TelegramBot, payload: dict[str, Any]) -> Answer:
    """A handler that says what it heard."""
    return reply(payload, payload["message"]["text"])


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def waiting() -> int:
    """Updates that are not done."""
    return TelegramUpdate.objects.filter(done_at=None).count()


def until_done() -> None:
    """Wait until the inbox is worked off."""
    until(lambda: waiting() == 0)
