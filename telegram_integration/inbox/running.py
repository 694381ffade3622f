"""One process of the bot: it works the inbox off and, unless a webhook is used, asks Telegram for updates."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from telegram import Bot

from telegram_integration.client.introducing import introduce
from telegram_integration.inbox import hints
from telegram_integration.inbox.leases import PollingLeases
from telegram_integration.inbox.polling import Poller
from telegram_integration.inbox.presence import keep_saying_alive
from telegram_integration.inbox.switchboard import Switchboard
from telegram_integration.inbox.threads import Threads
from telegram_integration.inbox.worker import Worker
from telegram_integration.models import TelegramBot

logger = logging.getLogger(__name__)

# How often the list of bots is read anew, and how often leases are asked for (seconds).
LOOK_FOR_BOTS_EVERY, ASK_FOR_LEASES_EVERY = 30.0, 3.0
WITHOUT_DATABASE = 1.0


class NoBots(Exception):
    """There is no bot that this process could answer for."""


class BotProcess:
    """Runs until `stopping` is set. `on_ready` gets the number of bots once everything is at work."""

    def __init__(self, *, polls: bool, on_ready: Callable[[int], None]) -> None:
        self.stopping = asyncio.Event()
        self._polls, self._on_ready = polls, on_ready
        self._switchboard = Switchboard()
        self._worker = Worker(self._switchboard)
        self._threads = Threads(2, "telegram-keep")
        self._leases = PollingLeases()
        self._lease_thread = Threads(1, "telegram-lease")
        self._pollers: dict[UUID, tuple[Bot, asyncio.Task[None]]] = {}
        self._introduced: dict[UUID, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Answer until told to stop. Raises `NoBots` at the start."""
        await self._start()
        sides = [asyncio.create_task(side) for side in self._sides()]
        worker = asyncio.create_task(self._worker.run(self.stopping))
        try:
            self._on_ready(len(self._switchboard.bots))
            # A side never ends by itself: if one does, the process must not go on half alive.
            await asyncio.wait([worker, *sides], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.stopping.set()
            self._worker.wake()
            await _end([*sides, *self._introduced.values(), *(task for _, task in self._pollers.values())])
            await self._close()
            await worker
            await self._switchboard.close()

    async def _start(self) -> None:
        """Wait for the database, and find the bots. Raises `NoBots`."""
        was_away = False
        while not self.stopping.is_set():
            try:
                await self._look()
                break
            except (OperationalError, InterfaceError) as error:
                if not was_away:
                    logger.warning("waiting for the database: %s", type(error).__name__)
                was_away = True
                await asyncio.sleep(WITHOUT_DATABASE)
        if not self._switchboard.bots and not self.stopping.is_set():
            raise NoBots

    def _sides(self) -> list[Coroutine[Any, Any, None]]:
        sides = [
            hints.listen(self._worker.wake),
            keep_saying_alive(),
            self._keep_looking(),
            self._wait_for_end(),
        ]
        return [*sides, self._keep_polling()] if self._polls else sides

    async def _wait_for_end(self) -> None:
        await self.stopping.wait()
        self._worker.wake()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_FOR_BOTS_EVERY)
            # What was known is gone on with.
            with suppress(OperationalError, InterfaceError):
                await self._look()

    async def _look(self) -> None:
        """Read which bots are at work; introduce those that are new here."""
        await self._switchboard.use(await self._threads.run(self._switchboard.read_bots))
        for bot_id, bot in self._switchboard.bots.items():
            if bot_id not in self._introduced:
                introducing = introduce(bot, self._switchboard.client(bot_id), self._threads)
                self._introduced[bot_id] = asyncio.create_task(introducing)

    async def _keep_polling(self) -> None:
        while True:
            numbers = {bot.telegram_id: bot for bot in self._switchboard.bots.values()}
            ours = await self._lease_thread.run(partial(self._leases.hold, tuple(numbers)))
            await self._poll_alone({numbers[number].pk: numbers[number] for number in ours})
            await asyncio.sleep(ASK_FOR_LEASES_EVERY)

    async def _poll_alone(self, ours: dict[UUID, TelegramBot]) -> None:
        """Poll these bots and no others, each by the token that it has now."""
        clients = {bot_id: self._switchboard.client(bot_id) for bot_id in ours}
        over = [
            bot_id
            for bot_id, (client, task) in self._pollers.items()
            if clients.get(bot_id) is not client or task.done()
        ]
        await _end([self._pollers.pop(bot_id)[1] for bot_id in over])
        for bot_id in set(ours) - set(self._pollers):
            client = clients[bot_id]
            poller = Poller(ours[bot_id], client, threads=self._threads, on_news=self._there_is_news)
            self._pollers[bot_id] = client, asyncio.create_task(poller.run())

    def _there_is_news(self) -> None:
        self._worker.wake()
        # Other processes may have room where this one has none.
        hints.hint()

    async def _close(self) -> None:
        await self._lease_thread.run(self._leases.close)
        self._lease_thread.close()
        self._threads.close()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for found in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(found, Exception):
            logger.error("a part of the bot ended by itself: %s", type(found).__name__)
