"""The bot as patients meet it: real bot and web processes, and a make-believe Telegram, over HTTP."""

from collections.abc import Iterator

import pytest

from tests.telegram_integration.journeys.place import Place, made


@pytest.fixture(scope="session")
def _made() -> Iterator[Place]:
    with made() as place:
        yield place


@pytest.fixture(scope="module")
def place(_made) -> Iterator[Place]:
    """A database and a Telegram; each module starts the processes that it wants, and they end with it."""
    yield _made
    _made.end()
