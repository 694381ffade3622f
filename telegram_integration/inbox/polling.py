"""Asking Telegram for updates: each batch is kept before the next question confirms it."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError
from telegram import Bot

from telegram_integration.client.connection import poll
from telegram_integration.client.errors import Away, BadToken, Refused, TelegramFault, Unknown, Wait, Why
from telegram_integration.inbox.keeping import KINDS, NotAnUpdate, Payload, keep_all
from telegram_integration.inbox.threads import Threads
from telegram_integration.models import TelegramBot

logger = logging.getLogger(__name__)

# Pauses (seconds): while somebody else polls or a webhook is set, while Telegram is away, with a bad token,
# and while the database is away.
AFTER_CONFLICT, SHORTEST, LONGEST, AFTER_BAD_TOKEN, WITHOUT_DATABASE = 5.0, 0.5, 15.0, 60.0, 1.0


class Poller:
    """Polls one bot until cancelled. What is wrong is waited out, and said when it begins and ends."""

    def __init__(
        self, bot: TelegramBot, client: Bot, *, threads: Threads, on_news: Callable[[], None]
    ) -> None:
        self._bot, self._client = bot, client
        self._threads, self._on_news = threads, on_news
        self._trouble = ""
        self._pause = SHORTEST

    async def run(self) -> None:
        """Ask, keep, ask."""
        offset = 0
        while True:
            try:
                batch = await poll(self._client, offset=offset, kinds=KINDS)
            except TelegramFault as fault:
                await asyncio.sleep(await self._after(fault))
                continue
            self._say("")
            self._pause = SHORTEST
            if batch:
                await self._keep(batch)
                offset = max(_number(one) for one in batch) + 1

    async def _after(self, fault: TelegramFault) -> float:
        """Say what is wrong, once; return for how long to wait (seconds)."""
        match fault:
            case Wait():
                return fault.seconds
            case Refused(why=Why.CONFLICT):
                self._say(await self._why_conflict())
                return AFTER_CONFLICT
            case BadToken():
                self._say("Telegram does not know the token")
                return AFTER_BAD_TOKEN
            case Away() | Unknown():
                self._say("Telegram is away")
            case _:
                self._say(f"Telegram refuses: {fault}")
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST)
        return pause

    async def _why_conflict(self) -> str:
        try:
            info = await self._client.get_webhook_info()
        except Exception:  # noqa: BLE001  -- it is only about the words of a warning
            return "another program polls it"
        if info.url:
            return "a webhook is set: remove it by `telegram_webhook --delete`, or start with --webhook"
        return "another program polls it"

    def _say(self, trouble: str) -> None:
        if trouble == self._trouble:
            return
        if trouble:
            logger.warning("bot %s is not polled: %s; trying again", self._bot.telegram_id, trouble)
        else:
            logger.warning("bot %s is polled again", self._bot.telegram_id)
        self._trouble = trouble

    async def _keep(self, batch: list[Payload]) -> None:
        """Keep a batch, however long the database is away: nothing is confirmed before."""
        was_away = False
        while True:
            try:
                await self._threads.run(partial(_keep_each, self._bot, batch))
                break
            except (OperationalError, InterfaceError) as error:
                if not was_away:
                    logger.warning("updates wait to be kept: %s", type(error).__name__)
                was_away = True
                await asyncio.sleep(WITHOUT_DATABASE)
        self._on_news()


def _keep_each(bot: TelegramBot, batch: list[Payload]) -> None:
    try:
        keep_all(bot, batch)
    except NotAnUpdate:
        # Whatever speaks to us there is not Telegram; what can be kept is.
        logger.error("bot %s got something that is no update", bot.telegram_id)  # noqa: TRY400  -- no trace
        keep_all(bot, [one for one in batch if _number(one)])


def _number(one: dict[str, Any]) -> int:
    number = one.get("update_id")
    return number if isinstance(number, int) and 0 <= number < 2**62 else 0
