"""One make-believe Telegram for all these tests, empty at the start of each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from telegram_integration.sandbox.limits import Limits
from tests.support.telegram import TOKEN, Sandbox, SandboxUser


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    running_sandbox.reset()
    running_sandbox.limit(**asdict(Limits()))
    running_sandbox.call("deleteWebhook")
    running_sandbox.call("getUpdates", allowed_updates=[])
    return running_sandbox


@pytest.fixture
def alice(sandbox: Sandbox) -> SandboxUser:
    """Somebody who has started the bot."""
    return sandbox.user(5001, first_name="Alice", language_code="en", phone="+66812345678").types("/start")


@pytest.fixture
def talk(sandbox: Sandbox, monkeypatch) -> Callable[[Callable[[Bot], Awaitable[Any]]], Any]:
    """Runs a function of the real library's `Bot`, over its real HTTP client."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")

    def run(says: Callable[[Bot], Awaitable[Any]]) -> Any:
        async def session() -> Any:
            request = HTTPXRequest(read_timeout=20)
            addresses = {"base_url": f"{sandbox.url}/bot", "base_file_url": f"{sandbox.url}/file/bot"}
            async with Bot(TOKEN, request=request, **addresses) as bot:
                return await says(bot)

        return asyncio.run(session())

    return run
