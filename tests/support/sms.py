"""The gateways of one-time codes on loopback, over real HTTP.

    with Gateways() as fakes:
        settings.THAIBULKSMS_BASE_URL = fakes.url("thaibulksms")
        fakes.fault("thaibulksms", "hang")
        …
        assert fakes.sent[-1].phone == "+66812345678"

`read_code` finds the code in a message, or in what the console gateway printed.
"""

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.support.sms_apis import CREDENTIALS, Apis, Request

__all__ = ["CREDENTIALS", "Gateways", "read_code"]


def read_code(text: str) -> str:
    """The last code of 6 digits in a text."""
    return re.findall(r"(?<!\d)\d{6}(?!\d)", text)[-1]


@dataclass
class Gateways(Apis):
    """All of them, each under a path of its own, on one port."""

    _faults: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._closing = threading.Event()
        fakes = self

        class Handler(_Handler):
            place = fakes

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, gateway: str) -> str:
        """The base address of one."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{gateway}"

    def fault(self, gateway: str, kind: str) -> None:
        """From now on: a status such as ``500``, ``hang``, ``drop``, ``redirect``, ``junk``, ``flood``."""
        self._faults[gateway] = kind

    def mend(self, gateway: str) -> None:
        """No fault any more."""
        del self._faults[gateway]


class _Handler(BaseHTTPRequestHandler):
    place: Gateways

    def log_message(self, *_args: object) -> None:
        """Nothing: a test's output is its own."""

    def _serve(self) -> None:
        _empty, gateway, path = self.path.split("/", 2)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = self.place._faults.get(gateway)
        if fault is not None:
            self._fail(fault)
            return
        self._answer(*self.place.serve(gateway, Request(self.command, f"/{path}", headers, body)))

    do_POST = do_GET = _serve  # noqa: N815  -- http.server's names

    def _answer(self, status: int, told: dict[str, Any], **headers: str) -> None:
        self._write(status, json.dumps(told).encode(), **headers)

    def _write(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, kind: str) -> None:
        if kind.isdigit():
            self._answer(int(kind), {"code": "000", "ok": False})
        elif kind == "hang":
            self.place._closing.wait(30)
        elif kind == "redirect":
            self._answer(302, {}, Location=self.place.url("thaibulksms"))
        elif kind == "junk":
            self._write(200, b"<html>\xff\x00")
        elif kind == "flood":
            self._write(200, b'{"code": "' + b"0" * 200_000 + b'"}')
        else:
            self.connection.close()
