"""What the tests of this folder share: log lines as they would leave, and looks that remember nothing."""

import io
import json
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from observing.logs import formatter
from observing.outside import bot_look, inbox_look, limits_look, queue_look, redis_look, webhooks_look
from tests.observing.canary import CANARIES


class Written:
    """What was logged since the beginning, in the form of production."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]

    @property
    def request(self) -> dict[str, Any]:
        """The last line of a request."""
        return self.of("observing.middleware")[-1]

    def is_clean(self) -> bool:
        """Something was written, and nothing of anybody."""
        assert self.text
        return not [word for word in CANARIES if word in self.text]


@pytest.fixture
def written() -> Iterator[Written]:
    """Lines of every logger, at INFO and above, as the configured formatter makes them."""
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(formatter(style="json"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield Written(stream)
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture(autouse=True)
def nothing_seen() -> Iterator[None]:
    """What was seen a moment ago is another test's."""
    for look in (queue_look, redis_look, limits_look, webhooks_look, bot_look, inbox_look):
        look.forget()
    yield
    for look in (queue_look, redis_look, limits_look, webhooks_look, bot_look, inbox_look):
        look.forget()


@pytest.fixture
def nobody() -> int:
    """A port at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def silence() -> Iterator[int]:
    """A port that takes connections and never says a word, like a server that was stopped by a signal."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]
