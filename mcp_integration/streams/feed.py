"""One reader for each hospital that anybody listens to, in each process: never one for each client."""

import asyncio
import logging
from functools import partial

from events.feed import CursorUnknown, Position
from mcp_integration.streams.listener import Listener
from mcp_integration.streams.reading import NOTHING, Reading, find_end, read
from mcp_integration.threads import in_thread
from tenants.models import Hospital

logger = logging.getLogger(__name__)

# How long until the next look without a hint, and at first where something is held back (seconds).
POLL, SOON = 2.0, 0.05


class Feed:
    """What happens in a hospital, or without one on the platform, read on from one place for all who listen.

    `place` is how far it was read. Whoever has come as far may join, and is offered everything after it.
    """

    def __init__(self, hospital: Hospital | None, place: Position) -> None:
        self.hospital = hospital
        self.place = place
        self._joined: dict[Listener, int] = {}
        self._hint = asyncio.Event()
        self._pause = POLL
        self._soon = SOON
        self._was_away = False
        self._task = asyncio.create_task(self._run(), name="streams feed")

    def may_join(self, place: Position) -> bool:
        """Whether whoever has come as far as this misses nothing by joining now."""
        return not place.is_before(self.place)

    def join(self, listener: Listener, number: int) -> None:
        """Offer everything from now on to a listener, whose feed of that number this is."""
        self._joined[listener] = number

    def leave(self, listener: Listener) -> None:
        """Offer nothing more to a listener."""
        self._joined.pop(listener, None)

    def hint(self) -> None:
        """There may be something new."""
        self._hint.set()

    def close(self) -> None:
        """Stop reading."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._pause):
                    await self._hint.wait()
            except TimeoutError:
                pass
            self._hint.clear()
            self._pause = await self._look()

    async def _look(self) -> float:
        """Read and hand on once; return how long to wait before the next look, unless a hint comes."""
        try:
            reading = await self._read()
            await self._hand_on(reading)
        except Exception as error:  # noqa: BLE001  -- the database is away: it is asked again
            if not self._was_away:
                logger.warning("a feed cannot be read (%s)", type(error).__name__)
            self._was_away = True
            return POLL
        self._was_away = False
        if reading.is_full:
            return 0
        self._soon = min(self._soon * 2, POLL) if reading.is_held_back else SOON
        return self._soon if reading.is_held_back else POLL

    async def _read(self) -> Reading:
        try:
            return await in_thread(partial(read, self.hospital, self.place, check=self._was_away))
        except CursorUnknown:
            # The database was put back to an earlier moment: everybody has to hear of it.
            logger.warning("a feed starts over: its place is not known any more")
            self.place = await in_thread(partial(find_end, self.hospital))
            for listener, number in list(self._joined.items()):
                listener.start_over(number, self.place)
            return NOTHING

    async def _hand_on(self, reading: Reading) -> None:
        for heard in reading.heard:
            self.place = heard.told.position
            for listener, number in list(self._joined.items()):
                listener.offer(number, heard)
            # With many listeners this takes a while: others have their turn between two events.
            await asyncio.sleep(0)
