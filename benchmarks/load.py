"""A small HTTP client that keeps its connections: it measures the server, not itself."""

import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a load gave: statuses by count, latencies in seconds, wall time."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def percentile(self, share: float) -> float:
        """The latency below which that share of the requests lies."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request_bytes(method: str, path: str, key: str, body: bytes = b"") -> bytes:
    """One HTTP/1.1 request, ready to be sent."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"X-API-Key: {key}",
        "Accept-Language: en",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def send_all(port: int, requests: list[bytes], connections: int) -> Outcome:
    """Send all requests over some connections at once, each one after the answer to the last."""
    outcome, gate = Outcome(), threading.Barrier(connections + 1)

    def work(mine: list[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            gate.wait()
            for one in mine:
                begun = time.perf_counter()
                wire.sendall(one)
                outcome.statuses[_status(wire)] += 1
                outcome.latencies.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=work, args=(requests[n::connections],)) for n in range(connections)]
    for thread in threads:
        thread.start()
    gate.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    outcome.seconds = time.perf_counter() - begun
    return outcome


def _status(wire: socket.socket) -> int:
    """Read one whole answer; return its status."""
    data = wire.recv(65536)
    while b"\r\n\r\n" not in data:
        data += wire.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    left = length - len(body)
    while left > 0:
        left -= len(wire.recv(left))
    return int(head[9:12])
