"""The bots at work in this process: their rows, looked at again now and then, and their connections."""

import logging
from uuid import UUID

from django.conf import settings
from telegram import Bot

from core.sealing import CannotUnseal
from telegram_integration.bots import bots_at_work, token_of
from telegram_integration.client.connection import connect, disconnect
from telegram_integration.models import TelegramBot

logger = logging.getLogger(__name__)


class Switchboard:
    """Everything here but `read_bots` happens in the event loop."""

    def __init__(self) -> None:
        self.bots: dict[UUID, TelegramBot] = {}
        self._clients: dict[UUID, tuple[str, Bot]] = {}
        self._tokens: dict[UUID, str] = {}

    @staticmethod
    def read_bots() -> list[tuple[TelegramBot, str]]:
        """The bots that answer now, with their tokens: in a thread. Raises `DatabaseError`."""
        found: list[tuple[TelegramBot, str]] = []
        for bot in bots_at_work():
            try:
                found.append((bot, token_of(bot)))
            except CannotUnseal:
                logger.error("the token of bot %s cannot be read", bot.pk)  # noqa: TRY400  -- no trace
        return found

    async def use(self, found: list[tuple[TelegramBot, str]]) -> None:
        """Go on with these bots alone."""
        self.bots = {bot.pk: bot for bot, _ in found}
        self._tokens = {bot.pk: token for bot, token in found}
        for bot_id, (token, client) in list(self._clients.items()):
            if self._tokens.get(bot_id) != token:
                del self._clients[bot_id]
                await disconnect(client)

    def client(self, bot_id: UUID) -> Bot:
        """The connection of a bot at work. Raises `KeyError` for another."""
        if bot_id not in self._clients:
            token = self._tokens[bot_id]
            # Two requests for each update at work, and some for those that Telegram lets wait.
            self._clients[bot_id] = token, connect(token, at_once=4 * settings.TELEGRAM_CONCURRENCY)
        return self._clients[bot_id][1]

    async def close(self) -> None:
        """Close all connections."""
        for _, client in self._clients.values():
            await disconnect(client)
        self._clients.clear()
