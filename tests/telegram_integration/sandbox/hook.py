"""A server on loopback that updates are posted to, which answers as it is told."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE = 20


class Hook:
    """What came, and what is answered: the next of `script`, else 200."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, Any], str | None]] = []
        self.script: deque[int] = deque()
        self.url = ""

    def take(self, body: bytes, secret: str | None) -> int:
        """Note a post; the status to answer with."""
        self.came.append((json.loads(body), secret))
        return self.script.popleft() if self.script else 200

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update, _ in self.came]

    def wait_for(self, number: int) -> None:
        wait_until(lambda: len(self.came) >= number)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return when it is so; fail when it never is."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.02)


@contextmanager
def hooked() -> Iterator[Hook]:
    """A hook that listens."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = hook.take(body, self.headers["X-Telegram-Bot-Api-Secret-Token"])
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hook.url = f"http://127.0.0.1:{server.server_port}/telegram/webhook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()
