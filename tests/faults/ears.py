"""What leaves the platform to others is overheard here: commands to Redis, reports to Sentry."""

import gzip
import socket
import threading
import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import redis

from tests.faults.canaries import found_in

_PAUSE = 0.2  # seconds between two tries to reach a Redis that is away


class RedisEar:
    """Reads every command that Redis gets (MONITOR), over all its deaths, and all keys now and then."""

    def __init__(self, url: str) -> None:
        self.commands = self.keys = 0
        self.heard: list[str] = []
        self._url = url
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            with suppress(OSError):
                self._listen_to_one_life()
            self._over.wait(_PAUSE)

    def _listen_to_one_life(self) -> None:
        # Without the client library, whose MONITOR understands less than all.
        where = urlsplit(self._url)
        with socket.create_connection((where.hostname, where.port), timeout=1) as wire:
            wire.sendall(f"AUTH {where.password}\r\nMONITOR\r\n".encode())
            rest = b""
            while not self._over.is_set():
                try:
                    piece = wire.recv(65536)
                except TimeoutError:
                    continue
                if not piece:
                    return
                *lines, rest = (rest + piece).split(b"\r\n")
                for line in lines:
                    self._hear(line)

    def _hear(self, line: bytes) -> None:
        self.commands += 1
        if found_in(line):
            self.heard.append(line[:300].decode(errors="replace"))

    def read_everything(self) -> None:
        """Look into each key and value that is there."""
        with redis.Redis.from_url(self._url, socket_timeout=5) as client:
            keys = list(client.scan_iter(count=1000))
            for key in keys:
                # `DUMP` would compress a long value, which hides what stands in it.
                if found_in(key + b" " + _value(client, key)):
                    self.heard.append(repr(key))
                self.keys += 1

    def stop(self) -> None:
        self._over.set()
        self._thread.join(10)


def _value(client: Any, key: bytes) -> bytes:
    readers = {
        b"string": lambda: client.get(key),
        b"hash": lambda: client.hgetall(key),
        b"list": lambda: client.lrange(key, 0, -1),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1, withscores=True),
    }
    return repr(readers.get(client.type(key), lambda: client.xrange(key))()).encode()


class SentryEar:
    """A Sentry on loopback that takes every report and keeps it."""

    def __init__(self) -> None:
        self.reports: list[bytes] = []
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                ear.reports.append(_unpacked(body, self.headers.get("Content-Encoding", "")))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.dsn = f"http://only-for-this-run@127.0.0.1:{self._server.server_port}/1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return zlib.decompress(body) if encoding == "deflate" else body
