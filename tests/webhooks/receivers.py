"""Receivers on loopback that behave well or badly, names that lead to them, and who was connected to."""

import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

# Nothing in these tests may wait longer (seconds).
PATIENCE = 20

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

# What a receiver does with a connection whose request it has read, and the event that ends the test.
Behaviour = Callable[[socket.socket, threading.Event], None]


def answer(raw: bytes) -> Behaviour:
    """Answer these bytes and close."""
    return lambda connection, _over: connection.sendall(raw)


def drip(before: bytes, drop: bytes) -> Behaviour:
    """Send some bytes at once, then a few every fifth of a second, for ever."""

    def behave(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(before)
        while not over.wait(0.2):
            connection.sendall(drop)

    return behave


def hang(_connection: socket.socket, over: threading.Event) -> None:
    """Say nothing."""
    over.wait(PATIENCE)


@dataclass
class Request:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A listener whose every connection behaves as told; `requests` are what it read."""

    listener: socket.socket
    behave: Behaviour
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        address, self.port = self.listener.getsockname()[:2]
        host = f"[{address}]" if ":" in address else address
        self.url = f"http://{host}:{self.port}/hook"

    def serve(self) -> None:
        while not self.over.is_set():
            try:
                connection, _peer = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.requests.append(_read(connection))
            self.behave(connection, self.over)
        except OSError:
            pass  # the client has gone, as these tests want it to
        finally:
            connection.close()


def _read(connection: socket.socket) -> Request:
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _some(connection)
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += _some(connection)
    return Request(line, headers, body)


def _some(connection: socket.socket) -> bytes:
    if not (got := connection.recv(65536)):
        raise ConnectionResetError
    return got


@contextmanager
def receiver(
    behave: Behaviour = answer(OK),  # noqa: B008  -- a function of constants
    *,
    address: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Receiver]:
    """A receiver at a loopback address while the block runs."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, port), family=family)
    told = Receiver(listener, behave, tls)
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: told.names.append(name)
    thread = threading.Thread(target=told.serve, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        # Closing alone does not wake who waits in accept.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE)


class Names:
    """A name server of our own. Each name has a row of answers; the last one is repeated."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Sequence[str]]] = {}
        self.asked: list[str] = []

    def lead(self, name: str, *answers: Sequence[str]) -> None:
        """From now on a name leads to these addresses: first to those of the first answer, and so on."""
        self.answers[name] = list(answers)

    def getaddrinfo(self, host: Any, port: Any, *_args: Any, **_options: Any) -> list[Any]:
        self.asked.append(host)
        row = self.answers.get(host)
        if row is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        addresses = row.pop(0) if len(row) > 1 else row[0]
        return [_information(address, port) for address in addresses]


def _information(address: str, port: int) -> tuple[Any, ...]:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "canonical.example", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "canonical.example", (address, port))


_watching: dict[int, list[Any]] = {}
_numbers = count()


def _note_connection(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        for seen in _watching.values():
            seen.append(args[1])


@contextmanager
def connections_of_this_process() -> Iterator[list[Any]]:
    """Every address that a socket of this process is told to connect to while the block runs."""
    if not _watching and not getattr(sys, "_nadmor_watches_connections", False):
        # An audit hook (PEP 578) stays for the life of the process.
        sys.addaudithook(_note_connection)
        sys._nadmor_watches_connections = True  # type: ignore[attr-defined]
    number, seen = next(_numbers), []
    _watching[number] = seen
    try:
        yield seen
    finally:
        del _watching[number]
