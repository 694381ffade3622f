"""What one client is told, message by message: what it missed, and then what happens."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial

from django.conf import settings

from events.feed import CursorUnknown
from mcp_integration.streams.cursors import WHOLE
from mcp_integration.streams.feed import POLL, Feed
from mcp_integration.streams.listener import Listener
from mcp_integration.streams.messages import RETRY, Message, heartbeat
from mcp_integration.streams.reading import NOTHING, Reading, find, find_end, read
from mcp_integration.threads import in_thread

logger = logging.getLogger(__name__)


class Stream:
    """An asynchronous iterator of messages. `ended` is set once nothing is left to say but a farewell."""

    def __init__(self, listener: Listener, feeds: Sequence[Feed]) -> None:
        self._listener = listener
        self._feeds = feeds
        self._beat_at = 0.0
        self._was_away = False

    @property
    def ended(self) -> asyncio.Event:
        """Set when the stream ends from our side: a client that reads no more may be cut off then."""
        return self._listener.ended

    def __aiter__(self) -> AsyncIterator[Message]:
        return self._run()

    async def _run(self) -> AsyncIterator[Message]:
        while (first := self._listener.take()) is not None:
            yield first
        # Whoever is cut off before anything happened has a place to go on from.
        yield replace(self._beat(), retry=RETRY)
        for number in range(len(self._feeds)):
            async for message in self._catch_up(number):
                yield message
        while not self._is_over():
            if (news := self._next()) is not None:
                yield news
            else:
                await self._listener.wait(self._beat_at - _now())
        if (farewell := self._listener.take()) is not None:
            yield farewell

    async def _catch_up(self, number: int) -> AsyncIterator[Message]:
        """What was missed of a feed, read at the pace of this client; joins the feed at its end."""
        listener, feed = self._listener, self._feeds[number]
        async for message in self._rest(number):
            yield message
        while not (self._is_over() or feed.may_join(listener.heard[number])):
            reading = await self._read(number)
            for heard in reading.heard:
                for message, place in listener.messages_of(number, heard):
                    yield listener.hand_over(message, number, place)
                    if self._is_over():
                        return
            while not self._is_over() and (waiting := self._next()) is not None:
                yield waiting
        if not self._is_over():
            # Nothing was awaited since the feed was compared: nothing is missed, nothing comes twice.
            feed.join(listener, number)

    async def _rest(self, number: int) -> AsyncIterator[Message]:
        """The second message of an event of which the client has the first."""
        listener, place = self._listener, self._listener.reached[number]
        if place.part == WHOLE:
            return
        heard = await in_thread(partial(find, self._feeds[number].hospital, place.position))
        if heard is not None:
            for message, reached in listener.messages_of(number, heard, after_part=place.part):
                yield listener.hand_over(message, number, reached)

    async def _read(self, number: int) -> Reading:
        """The next events for this client; none while the database is away."""
        hospital, position = self._feeds[number].hospital, self._listener.heard[number]
        try:
            reading = await in_thread(partial(read, hospital, position, check=self._was_away))
        except CursorUnknown:
            self._listener.start_over(number, await in_thread(partial(find_end, hospital)))
        except Exception as error:  # noqa: BLE001  -- the database is away: it is asked again
            logger.warning("a stream cannot be read (%s)", type(error).__name__)
            self._was_away = True
            await self._listener.wait(POLL)
        else:
            self._was_away = False
            return reading
        return NOTHING

    def _next(self) -> Message | None:
        """A heartbeat where one is due, else what waits."""
        return self._beat() if _now() >= self._beat_at else self._listener.take()

    def _beat(self) -> Message:
        self._beat_at = _now() + settings.MCP_SSE_HEARTBEAT_INTERVAL
        return replace(heartbeat(), id=self._listener.settle())

    def _is_over(self) -> bool:
        return self._listener.ended.is_set()


def _now() -> float:
    return asyncio.get_running_loop().time()
