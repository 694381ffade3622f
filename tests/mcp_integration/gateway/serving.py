"""The gateway on a free port of this machine, and a client that speaks to it as a program would."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

# Whatever waits longer has failed (seconds).
PATIENCE = 20
# As `runmcpserver` has it; a free port, and no lifespan, which routes alone have not.
_USUAL = {"host": "127.0.0.1", "port": 0, "log_config": None, "lifespan": "off", "ws_max_size": 128 * 1024}
_clients: dict[int, httpx.Client] = {}


@contextmanager
def serving(app: ASGIApp, **options: Any) -> Iterator[int]:
    """The application on a port of its own, in a thread of its own, for as long as the block lasts."""
    config = uvicorn.Config(app, **{**_USUAL, **options})
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    _clients[port] = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE)
    try:
        yield port
    finally:
        _clients.pop(port).close()
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


class Gateway:
    """Asks the gateway with one key or token."""

    def __init__(self, port: int, key: str | None = None, language: str = "en") -> None:
        self.http = _clients[port]
        self.headers = {"Accept-Language": language, **({"X-API-Key": key} if key else {})}

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        return self.http.request(method, path, headers={**self.headers, **(headers or {})}, **more)

    def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        return self.ask("GET", path, headers=headers, params=params)

    def post(self, path: str, body: Any, *, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.ask("POST", path, headers=headers, json=body)

    def invoke(self, tool: str, *, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        return self.post("/api/mcp/tools/invoke", {"tool": tool, "params": params}, headers=headers)

    def result(self, tool: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        answer = self.invoke(tool, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, path: str, **params: Any) -> Any:
        """A collection or an item that must be there."""
        answer = self.get(f"/api/mcp/resources/{path}", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()


def error_in(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The error of an answer in the platform's envelope, with that status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert list(body) == ["error"]
    error = body["error"]
    assert set(error) == {"code", "message", "details", "timestamp"}
    assert error["code"] == code
    return error
