"""A strict HTTP server on loopback that receives webhooks: real threads, scripted behaviour, good memory.

    with Receiver() as receiver:
        receiver.script(answer(503), answer(429, headers={"Retry-After": "7"}))
        receiver.always(answer(204))
        …
        receiver.wait_for(3)
        assert receiver.messages()[0]["event"] == "booking.created"

It takes what a webhook may look like and nothing else; whatever else came is in `complaints`, and leaving the
block raises them.
"""

import json
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

# A receiver that is waited for in vain fails the test after this (seconds).
PATIENCE = 20


@dataclass(frozen=True)
class Received:
    """A request: headers by their names in lower case, and when it came (monotonic seconds)."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Exchange:
    """One request under way, for a behaviour to answer."""

    def __init__(self, handler: BaseHTTPRequestHandler, received: Received, closing: threading.Event) -> None:
        self.handler = handler
        self.received = received
        self.closing = closing

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def write(self, some: bytes) -> None:
        self.handler.wfile.write(some)
        self.handler.wfile.flush()

    def pause(self, seconds: float) -> bool:
        """Wait; whether there is still somebody to answer to."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.closing.wait(min(left, 0.05)) or self.is_gone():
                return False
        return True

    def is_gone(self) -> bool:
        """Whether the caller has hung up."""
        peer = self.handler.connection
        readable, _, _ = select.select([peer], [], [], 0)
        try:
            return bool(readable) and peer.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True


Behaviour = Callable[[Exchange], None]


# ── behaviours ────────────────────────────────────────────────────────────────
def answer(
    status: int = 200, body: bytes = b"", *, headers: Mapping[str, str] | None = None, after: float = 0
) -> Behaviour:
    """A plain answer, after some seconds."""

    def behave(exchange: Exchange) -> None:
        if exchange.pause(after):
            exchange.head(status, {"Content-Length": str(len(body)), **(headers or {})})
            exchange.write(body)

    return behave


def redirect(to: str, status: int = 302) -> Behaviour:
    """An answer that sends the caller elsewhere."""
    return answer(status, headers={"Location": to})


def hang(seconds: float = 60) -> Behaviour:
    """No answer at all; the connection stays open until the caller or the receiver goes."""

    def behave(exchange: Exchange) -> None:
        exchange.pause(seconds)

    return behave


def drip(status: int = 200, *, every: float = 1, count: int = 60) -> Behaviour:
    """A body of single bytes with pauses between them."""

    def behave(exchange: Exchange) -> None:
        exchange.head(status, {"Content-Length": str(count)})
        for _ in range(count):
            exchange.write(b".")
            if not exchange.pause(every):
                return

    return behave


def pour(status: int = 200, *, size: int = 10 * 1024**3) -> Behaviour:
    """A body as large as that, as fast as the caller takes it."""

    def behave(exchange: Exchange) -> None:
        exchange.head(status, {"Content-Length": str(size)})
        block = b"x" * 65536
        for _ in range(size // len(block)):
            exchange.write(block)

    return behave


def break_off() -> Behaviour:
    """The connection ends without an answer."""

    def behave(exchange: Exchange) -> None:
        exchange.handler.close_connection = True

    return behave


# ── the server ────────────────────────────────────────────────────────────────
class Receiver:
    """Listens on a free port of 127.0.0.1 while the block runs; answers 200 unless told otherwise."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.complaints: list[str] = []
        self.most_at_once = 0
        self._under_way: list[Exchange] = []
        self._script: deque[Behaviour] = deque()
        self._usual: Behaviour = answer(200)
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        if kind is None:
            assert self.complaints == []

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def script(self, *behaviours: Behaviour) -> None:
        """Behave like this for the next requests, one after the other."""
        with self._changed:
            self._script.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        """Behave like this whenever the script says nothing."""
        with self._changed:
            self._usual = behaviour

    def messages(self) -> list[Any]:
        """The JSON of each request, in the order in which they came."""
        return [received.json for received in self.requests]

    def message_ids(self) -> list[str]:
        """The ``webhook-id`` of each request, in the order in which they came."""
        return [received.message_id for received in self.requests]

    def wait_for(self, count: int, *, seconds: float = PATIENCE) -> list[Received]:
        """The requests, once there are so many; fails the test if they do not come."""
        until = time.monotonic() + seconds
        with self._changed:
            while len(self.requests) < count:
                left = until - time.monotonic()
                assert left > 0, f"{len(self.requests)} of {count} requests came in {seconds} s"
                self._changed.wait(left)
            return list(self.requests)

    def _receive(self, handler: BaseHTTPRequestHandler) -> None:
        received = self._read(handler)
        exchange = Exchange(handler, received, self._closing)
        with self._changed:
            self.requests.append(received)
            # Whoever hung up is served no more, even if its thread has not noticed yet.
            at_once = sum(not one.is_gone() for one in (*self._under_way, exchange))
            self.most_at_once = max(self.most_at_once, at_once)
            self._under_way.append(exchange)
            behave = self._script.popleft() if self._script else self._usual
            self._changed.notify_all()
        try:
            behave(exchange)
        finally:
            with self._changed:
                self._under_way.remove(exchange)

    def _read(self, handler: BaseHTTPRequestHandler) -> Received:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        length = headers.get("content-length", "")
        body = handler.rfile.read(int(length) if length.isdecimal() else 0)
        if length.isdecimal() and len(body) < int(length):
            # Whoever sent it was killed in the middle of it: as with any server, nothing was received.
            raise ConnectionAbortedError
        if len(headers) != len(handler.headers.items()):
            self._complain("a header came twice")
        if not length.isdecimal():
            self._complain("no Content-Length")
        if handler.command != "POST" or headers.get("content-type") != "application/json":
            self._complain(f"{handler.command} of {headers.get('content-type')}")
        for name in ("host", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature"):
            if not headers.get(name):
                self._complain(f"no {name}")
        try:
            json.loads(body)
        except ValueError:
            self._complain("the body is no JSON")
        return Received(handler.path, headers, body, time.monotonic())

    def _complain(self, text: str) -> None:
        with self._changed:
            self.complaints.append(text)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receive = self._receive

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def handle_any(self) -> None:
                # One request for each connection: a second one would be an attempt that nobody sees.
                self.close_connection = True
                receive(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.handle_any)
        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that went away is what some behaviours are for."""
