"""What goes out over a socket: one message at a time, at the pace of whoever reads."""

import asyncio
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from core.faults import Fault
from mcp_integration.gateway.faults import error_of
from mcp_integration.gateway.replies import as_json

# How long a client may take to read one message before it is cut off (seconds).
SLOWEST: Final = 20.0

NOT_LET_IN: Final = 4401
TOO_LATE: Final = 4408
RESTARTING: Final = 1012
TRY_AGAIN: Final = 1013


class ReaderTooSlow(Exception):
    """The client does not read what it is sent."""


class Outgoing:
    """The way out. Whoever has something to say waits for its turn, so that what waits is bounded by who may.

    Raises `ReaderTooSlow` and `WebSocketDisconnect`: nothing more can be said then.
    """

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._turn = asyncio.Lock()

    async def say(self, kind: str, **fields: Any) -> None:
        """Send ``{type, …}``."""
        text = as_json({"type": kind, **fields})
        async with self._turn:
            try:
                async with asyncio.timeout(SLOWEST):
                    await self._websocket.send_text(text)
            except TimeoutError as error:
                raise ReaderTooSlow from error
            except RuntimeError as error:
                # Starlette's word for a socket that is closed by now.
                raise WebSocketDisconnect(1006) from error

    async def refuse(self, fault: Fault, **fields: Any) -> None:
        """Send an ``error``."""
        await self.say("error", **fields, error=error_of(fault))

    async def close(self, code: int) -> None:
        """Say good-bye. The reason was told before, in an ``error``."""
        async with self._turn, asyncio.timeout(SLOWEST):
            await self._websocket.close(code)
