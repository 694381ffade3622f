"""The network as a webhook sees it: every address is checked, every wait ends, every answer is cut.

httpcore speaks HTTP over these streams; nothing else of its networking is used.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from webhooks.guard import Address, Target, is_allowed

# Addresses of one name that are tried, one after the other.
MOST_TRIED = 4
# Lookups that may hang at once in this process; a lookup cannot be ended, only left behind.
_lookups = threading.BoundedSemaphore(32)


class Fault(Exception):
    """Why there was no usable answer; `name` is what is kept of it."""

    name = "connection_failed"


class TimedOut(Fault):
    """The deadline is over."""

    name = "timeout"


class RefusedAddress(Fault):
    """The name leads to an address where a webhook may not go."""

    name = "refused_address"


class NameNotResolved(Fault):
    """No name server knows the host."""

    name = "name_not_resolved"


class TlsFailed(Fault):
    """No trusted connection: the certificate is wrong, or there is none."""

    name = "tls"


class AnswerTooLong(Fault):
    """The answer goes on after what we read at most."""

    name = "bad_response"


class Deadline:
    """A moment on the wall after which every wait is over."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then. Raises `TimedOut` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimedOut
        return left


@dataclass(frozen=True, slots=True)
class Place:
    """A checked address in the form that a socket connects to."""

    family: socket.AddressFamily
    sockaddr: tuple[Any, ...]


class CheckedNetwork(httpcore.NetworkBackend):
    """Connections to one target: resolved once, all its addresses checked, one of those connected to."""

    def __init__(self, target: Target, deadline: Deadline, *, most_bytes: int) -> None:
        self._target, self._deadline, self._most_bytes = target, deadline, most_bytes

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002  -- the target's
        port: int,  # noqa: ARG002  -- the target's
        timeout: float | None = None,  # noqa: ARG002  -- the deadline decides
        local_address: str | None = None,  # noqa: ARG002  -- httpcore's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002  -- httpcore's signature
    ) -> httpcore.NetworkStream:
        """A connection to the first address that answers. Raises `Fault`."""
        places = checked_places(self._target, self._deadline)[:MOST_TRIED]
        for number, place in enumerate(places):
            # One address that swallows everything must leave time for the next.
            patience = self._deadline.left() / (len(places) - number)
            if opened := _connect(place, patience):
                return _Stream(opened, self._deadline, self._most_bytes)
        self._deadline.left()
        raise Fault


def checked_places(target: Target, deadline: Deadline) -> Sequence[Place]:
    """Where a target is, asked once. Raises `RefusedAddress` if any of the addresses is not allowed."""
    found = _look_up(target, deadline)
    if not found:
        raise NameNotResolved
    if not all(is_allowed(_address(sockaddr), target) for _family, sockaddr in found):
        raise RefusedAddress
    return [Place(family, sockaddr) for family, sockaddr in found]


def _address(sockaddr: tuple[Any, ...]) -> Address:
    return ipaddress.ip_address(sockaddr[0])


def _look_up(target: Target, deadline: Deadline) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    """The answer of the resolver, which knows no time limit: on a thread that is left behind if it hangs."""
    answers: list[list[Any]] = []

    def ask() -> None:
        try:
            answers.append(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.append([])
        finally:
            _lookups.release()

    if not _lookups.acquire(timeout=deadline.left()):
        raise TimedOut
    thread = threading.Thread(target=ask, name="webhook-lookup", daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        _lookups.release()
        raise NameNotResolved from error
    thread.join(deadline.left())
    if not answers:
        raise TimedOut
    return list({(family, sockaddr): None for family, _kind, _proto, _name, sockaddr in answers[0]})


def _connect(place: Place, patience: float) -> socket.socket | None:
    opened = socket.socket(place.family, socket.SOCK_STREAM)
    try:
        opened.settimeout(patience)
        opened.connect(place.sockaddr)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        opened.close()
        return None
    return opened


class _Stream(httpcore.NetworkStream):
    """A connection that gives each operation the time left, and reads no more than it may in all."""

    def __init__(self, opened: socket.socket, deadline: Deadline, most_bytes: int) -> None:
        self._socket, self._deadline, self._bytes_left = opened, deadline, most_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  -- the deadline's
        """Some bytes, none at the end. Raises `Fault`."""
        if self._bytes_left <= 0:
            raise AnswerTooLong
        try:
            self._socket.settimeout(self._deadline.left())
            got = self._socket.recv(min(max_bytes, self._bytes_left))
        except TimeoutError as error:
            raise TimedOut from error
        except OSError as error:
            raise Fault from error
        self._bytes_left -= len(got)
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  -- the deadline's
        """All bytes. Raises `TimedOut`, and `httpcore.WriteError`: an answer may have come all the same."""
        try:
            while buffer:
                self._socket.settimeout(self._deadline.left())
                buffer = buffer[self._socket.send(buffer) :]
        except TimeoutError as error:
            raise TimedOut from error
        except OSError as error:
            raise httpcore.WriteError from error

    def close(self) -> None:
        """At once, whatever is still to come."""
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  -- the deadline decides
    ) -> httpcore.NetworkStream:
        """The same connection under TLS, the host's certificate verified. Raises `Fault`."""
        try:
            # Python counts the whole handshake against the socket's timeout, not each read of it.
            self._socket.settimeout(self._deadline.left())
            self._socket = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError as error:
            raise TimedOut from error
        except ssl.SSLError as error:
            raise TlsFailed from error
        except OSError as error:
            raise Fault from error
        return self
