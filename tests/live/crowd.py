"""Many clients at once, each with a connection of its own."""

import http.client
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Answer:
    """A status, what the body says, the headers, and the body as it came."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


class Door:
    """The REST door of one hospital over real HTTP. One connection for each thread that uses it."""

    def __init__(self, port: int, subdomain: str, key: str) -> None:
        self.port = port
        self.base = f"/api/v1/tenants/{subdomain}/booking"
        self.key = key
        self._local = threading.local()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request."""
        wire = getattr(self._local, "wire", None)
        if wire is None:
            wire = self._local.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = json.dumps(body) if body is not None else None
        every = {"X-API-Key": self.key, "Content-Type": "application/json", **headers}
        wire.request(method, self.base + path, sent, every)
        answer = wire.getresponse()
        text = answer.read()
        return Answer(answer.status, json.loads(text) if text else None, dict(answer.headers), text)

    def connect(self) -> None:
        """Open this thread's connection, so that a crowd starts together."""
        self._local.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._local.wire.connect()

    def close(self) -> None:
        """Close this thread's connection."""
        if wire := getattr(self._local, "wire", None):
            wire.close()
            self._local.wire = None


def at_once(door: Door, calls: list[Callable[[], Answer]]) -> list[Answer]:
    """Make all calls at the same moment, each over a connection of its own; answers in order."""
    answers: list[Answer | None] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def work(number: int) -> None:
        door.connect()
        try:
            gate.wait(60)
            answers[number] = calls[number]()
        finally:
            door.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer or Answer(0, None) for answer in answers]


def day_ahead(days: int) -> date:
    """A day to come in Bangkok."""
    return (datetime.now(UTC) + timedelta(hours=7)).date() + timedelta(days=days)
