"""A connection to Telegram: one bot of the library for a token and an event loop."""

import os
from typing import Any

from django.conf import settings
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from telegram_integration.client.faults import ServerFault, fault_of

# Has the library give times as `timedelta`, as it will from its next version on; else it warns each time.
os.environ.setdefault("PTB_TIMEDELTA", "1")

# Seconds to connect, to wait for an answer, to write a request, and to wait for a free connection.
CONNECT, READ, WRITE, POOL = 3.0, 6.0, 6.0, 6.0
# How long Telegram holds the question for updates back while there are none (seconds).
LONG_POLL = 25
_SERVER_FAULT = 500  # an HTTP status


class _Request(HTTPXRequest):
    """As the library does it, but for what a server at fault answers: its page is not looked at."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """A status and a body. Raises `TelegramError`."""
        status, body = await super().do_request(*args, **kwargs)
        if status >= _SERVER_FAULT:
            raise ServerFault(status)
        return status, body


def connect(token: str, *, at_once: int) -> Bot:
    """A bot for the event loop at hand, with at most so many requests at once. Asks Telegram nothing yet.

    `disconnect` ends it.
    """
    return Bot(
        token,
        base_url=f"{settings.TELEGRAM_API_BASE_URL}/bot",
        base_file_url=f"{settings.TELEGRAM_API_BASE_URL}/file/bot",
        request=_request(at_once),
        get_updates_request=_request(1),
    )


async def disconnect(bot: Bot) -> None:
    """Close the connections."""
    # The library's own way wants to have asked for the bot's name first.
    for request in bot._request:  # noqa: SLF001  -- as said
        await request.shutdown()


async def ask(bot: Bot, method: str, **arguments: Any) -> Any:
    """What a method of the library's bot gives (``send_message``). Raises `TelegramFault`."""
    try:
        return await getattr(bot, method)(**arguments)
    except TelegramError as error:
        # Not `from error`: its sentence may quote the message or the address, which holds the token.
        raise fault_of(error) from None


async def poll(bot: Bot, *, offset: int, kinds: list[str]) -> list[dict[str, Any]]:
    """The next updates as Telegram's JSON, after up to `LONG_POLL` seconds; confirms all below `offset`.

    Raises `TelegramFault`.
    """
    wanted = {"offset": offset, "timeout": LONG_POLL, "limit": 100, "allowed_updates": kinds}
    try:
        # Not `get_updates`: what the library makes of an update is not Telegram's JSON any more.
        found = await bot._post("getUpdates", wanted, read_timeout=LONG_POLL + READ)  # noqa: SLF001  -- as said
    except TelegramError as error:
        raise fault_of(error) from None
    return list(found) if isinstance(found, list) else []


def _request(at_once: int) -> HTTPXRequest:
    return _Request(
        connection_pool_size=at_once,
        connect_timeout=CONNECT, read_timeout=READ, write_timeout=WRITE, pool_timeout=POOL,
        media_write_timeout=WRITE,
    )  # fmt: skip
