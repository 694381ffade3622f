"""Waiting for something to happen."""

import asyncio
import contextlib


class Signal:
    """Something that happens now and then; whoever waits for it learns of the next time."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def fire(self) -> None:
        """Let everybody know who waits."""
        waiting, self._waiting = self._waiting, set()
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def wait(self, seconds: float) -> None:
        """Return at the next time, at the latest after so many seconds."""
        one = asyncio.get_running_loop().create_future()
        self._waiting.add(one)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(one, seconds)
        finally:
            self._waiting.discard(one)
