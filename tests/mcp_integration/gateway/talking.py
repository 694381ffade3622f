"""A client of the WebSocket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.mcp_integration.gateway.serving import PATIENCE


class Talk:
    """One socket, and what is said on it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def say(self, kind: str, **fields: Any) -> None:
        self.socket.send(json.dumps({"type": kind, **fields}))

    def hear(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next message."""
        return json.loads(self.socket.recv(timeout=timeout))

    def hear_error(self, code: str, **about: Any) -> dict[str, Any]:
        """The next message, which must be an error of that code."""
        said = self.hear()
        assert said["type"] == "error", said
        assert said["error"]["code"] == code, said
        assert set(said["error"]) == {"code", "message", "details", "timestamp"}
        assert about.items() <= said["error"]["details"].items(), said
        return said["error"]

    def call(self, tool: str, request_id: str | int = "1", **params: Any) -> dict[str, Any]:
        """The answer to a call."""
        self.say("tool_invoke", request_id=request_id, tool=tool, params=params)
        answer = self.hear()
        assert (answer["type"], answer["request_id"]) == ("tool_response", request_id), answer
        return answer

    def result(self, tool: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        answer = self.call(tool, **params)
        assert "error" not in answer, answer
        return answer["result"]

    def closes_with(self) -> int:
        """The code that the other side closes with; what it says before is passed over."""
        with pytest.raises(ConnectionClosed) as closed:
            self._hear_all()
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code

    def _hear_all(self) -> None:
        while True:
            self.hear()


@contextmanager
def talking(port: int, token: str | None = None, *, language: str = "en", **auth: Any) -> Iterator[Talk]:
    """A socket, signed in with that token if there is one."""
    with connect(
        f"ws://127.0.0.1:{port}/api/mcp/ws",
        additional_headers={"Accept-Language": language},
        open_timeout=PATIENCE,
        close_timeout=1,
        max_size=2**24,
    ) as socket:
        talk = Talk(socket)
        if token is not None:
            talk.say("auth", token=token, **auth)
        yield talk
