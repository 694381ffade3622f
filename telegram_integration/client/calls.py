"""Talking to Telegram from any thread: an event loop in a daemon thread, made when it is needed."""

import asyncio
import os
import threading
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TookTooLong
from typing import TYPE_CHECKING, Any

from django.conf import settings

from telegram_integration.bots import token_of
from telegram_integration.client.errors import Unknown
from telegram_integration.models import TelegramBot

if TYPE_CHECKING:
    from telegram import Bot

# Requests at once of each bot, and how long one may take in all (seconds).
AT_ONCE, PATIENCE = 32, 30.0


def call(bot: TelegramBot, method: str, **arguments: Any) -> Any:
    """What a method of the library's bot gives (``send_message``), from any thread.

    Raises `TelegramFault` (`Blocked`, `Wait`, `Away`, `Refused`, `Unknown`); `CannotUnseal` if the token
    cannot be read.
    """
    return _line().call(token_of(bot), method, arguments)


def hang_up() -> None:
    """Close the connections of this process; the next call makes new ones."""
    global _open_line
    with _lock:
        line, _open_line = _open_line, None
    if line is not None:
        line.close()


class _Line:
    """The event loop, its thread and the bots in it, of one process."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        # The library takes half a second and 40 MB: only a process that talks to Telegram loads it.
        from telegram_integration.client import connection  # noqa: PLC0415  -- as said

        self._connection = connection
        self._bots: dict[tuple[str, str], Bot] = {}
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._thread.start()

    def call(self, token: str, method: str, arguments: dict[str, Any]) -> Any:
        asked = asyncio.run_coroutine_threadsafe(self._call(token, method, arguments), self._loop)
        try:
            return asked.result(PATIENCE)
        except (TookTooLong, CancelledError):
            asked.cancel()
            raise Unknown from None

    async def _call(self, token: str, method: str, arguments: dict[str, Any]) -> Any:
        key = (settings.TELEGRAM_API_BASE_URL, token)
        if key not in self._bots:
            self._bots[key] = self._connection.connect(token, at_once=AT_ONCE)
        return await self._connection.ask(self._bots[key], method, **arguments)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _end(self) -> None:
        for bot in self._bots.values():
            await self._connection.disconnect(bot)


_open_line: _Line | None = None
_lock = threading.Lock()


def _line() -> _Line:
    global _open_line  # noqa: PLW0603  -- one for each process
    with _lock:
        if _open_line is None:
            _open_line = _Line()
        return _open_line


def _start_anew() -> None:
    """In a forked process: a thread does not survive a fork, and a lock may have been held."""
    global _open_line, _lock
    _open_line, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_start_anew)
