"""Where all streams of a process come together: who listens to what, and how many may."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Final

from django.conf import settings
from django_tenants.utils import get_public_schema_name

from credentials.callers import Credential
from events.feed import CursorUnknown
from mcp_integration.streams.checking import check_on
from mcp_integration.streams.cursors import Place, read_cursor
from mcp_integration.streams.errors import Leaving, TooManyStreams
from mcp_integration.streams.feed import Feed
from mcp_integration.streams.leaving import is_leaving
from mcp_integration.streams.listener import Listener
from mcp_integration.streams.messages import Message
from mcp_integration.streams.principals import principal_of
from mcp_integration.streams.reading import find, find_end
from mcp_integration.streams.stream import Stream
from mcp_integration.streams.wire import Wire
from mcp_integration.threads import in_thread
from tenants.models import Hospital

# How often it is looked whether the server has been told to end (seconds).
_LOOK: Final = 0.5
# Those who are sent away come back spread over this time (milliseconds).
_COME_BACK: Final = (1000, 5000)

Feeds = list[Hospital | None]


class Hub:
    """The streams of one event loop. Everything but `tell_here` is called in it."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._feeds: dict[str, Feed] = {}
        self._used: Counter[str] = Counter()
        self._open: Counter[str] = Counter()
        self._listeners: dict[str, set[Listener]] = {}
        self._watch: asyncio.Task[None] | None = None
        self._is_closed = False
        self._wire = Wire(
            on_hint=self._hint, on_result=self.tell, on_return=self._hint_all, present=self._listeners.keys
        )

    @asynccontextmanager
    async def listen(
        self,
        credential: Credential,
        hospital: Hospital | None,
        after: str | None = None,
        *,
        token_expires_at: datetime | None = None,
        language: str = "en",
    ) -> AsyncIterator[Stream]:
        """What happens in a hospital (without one: on the platform), as far as the caller may know of it.

        `after` is the `id` of the last message that the caller has; without it the stream begins now. With
        `token_expires_at` the caller gets new access tokens in time. What comes is iterated over once. After
        its end, or soon after its `ended`, the block is to be left. Raises `TooManyStreams`, `Leaving`.
        """
        principal = principal_of(credential)
        with self._counted(principal):
            async with self._reading(_feeds_for(hospital)) as feeds:
                places, unknown = await self._places(feeds, after)
                listener = Listener(
                    credential, hospital, places, language=language, token_expires_at=token_expires_at
                )
                if unknown is not None:
                    listener.tell(listener.worded(unknown))
                async with self._present(principal, listener):
                    try:
                        yield Stream(listener, feeds)
                    finally:
                        listener.end(None)
                        for feed in feeds:
                            feed.leave(listener)

    def tell(self, principal: str, message: Message) -> None:
        """Tell a caller's streams something that is not kept."""
        for listener in self._listeners.get(principal, ()):
            listener.tell(message)

    def hears(self, principal: str) -> bool:
        """Whether a caller has a stream open here; from any thread."""
        return principal in self._listeners

    def close(self) -> None:
        """End all streams, and let nobody open another: their clients come back in a few seconds."""
        self._is_closed = True
        for listeners in list(self._listeners.values()):
            for listener in list(listeners):
                farewell = listener.worded(Leaving())
                listener.end(replace(farewell, retry=random.randint(*_COME_BACK)))  # noqa: S311  -- no secret

    @contextmanager
    def _counted(self, principal: str) -> Iterator[None]:
        """One more stream of a caller and of this process, if they may have it."""
        if self._is_closed or is_leaving():
            raise Leaving
        for count, limit in (
            (self._open[principal], settings.MCP_STREAMS_PER_CREDENTIAL),
            (self._open.total(), settings.MCP_STREAMS_PER_PROCESS),
        ):
            if count >= limit:
                raise TooManyStreams(limit)
        self._open[principal] += 1
        try:
            yield
        finally:
            self._open[principal] -= 1
            if not self._open[principal]:
                del self._open[principal]

    @asynccontextmanager
    async def _reading(self, hospitals: Feeds) -> AsyncIterator[list[Feed]]:
        """The feeds of these hospitals, read while anybody listens to them."""
        names = [_name(hospital) for hospital in hospitals]
        self._used.update(names)
        try:
            for hospital, name in zip(hospitals, names, strict=True):
                if name not in self._feeds:
                    end = await in_thread(partial(find_end, hospital))
                    # Somebody else may have been faster.
                    if name not in self._feeds:
                        self._feeds[name] = Feed(hospital, end)
            yield [self._feeds[name] for name in names]
        finally:
            self._used.subtract(names)
            for name in names:
                if not self._used[name] and (feed := self._feeds.pop(name, None)) is not None:
                    feed.close()

    async def _places(
        self, feeds: list[Feed], after: str | None
    ) -> tuple[tuple[Place, ...], CursorUnknown | None]:
        """Where a stream begins, and what is to be said if that is not where the caller wanted."""
        unknown = None
        if after:
            try:
                places = read_cursor(after, len(feeds))
                for feed, place in zip(feeds, places, strict=True):
                    await in_thread(partial(find, feed.hospital, place.position))
            except CursorUnknown as error:
                unknown = error
            else:
                return places, None
        ends = [await in_thread(partial(find_end, feed.hospital)) for feed in feeds]
        return tuple(map(Place, ends)), unknown

    @asynccontextmanager
    async def _present(self, principal: str, listener: Listener) -> AsyncIterator[None]:
        """The caller is known to listen; is checked on; hears of their own results."""
        self._listeners.setdefault(principal, set()).add(listener)
        self._wire.open()
        checking = asyncio.create_task(check_on(listener), name="streams check")
        telling = asyncio.create_task(self._wire.say_present([principal]), name="streams presence")
        if self._watch is None:
            self._watch = asyncio.create_task(self._look_for_end(), name="streams end")
        try:
            yield
        finally:
            checking.cancel()
            telling.cancel()
            self._listeners[principal].discard(listener)
            if not self._listeners[principal]:
                del self._listeners[principal]
            if not self._listeners:
                self._wire.close()
                self._watch.cancel()
                self._watch = None

    async def _look_for_end(self) -> None:
        while not is_leaving():  # noqa: ASYNC110  -- the server is told by a signal, and sets no event
            await asyncio.sleep(_LOOK)
        self.close()

    def _hint(self, schema: str) -> None:
        if (feed := self._feeds.get(schema)) is not None:
            feed.hint()

    def _hint_all(self) -> None:
        for feed in self._feeds.values():
            feed.hint()


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}
_lock = Lock()


def hub() -> Hub:
    """The hub of the event loop at hand."""
    loop = asyncio.get_running_loop()
    with _lock:
        if (found := _hubs.get(loop)) is None:
            for gone in [other for other in _hubs if other.is_closed()]:
                del _hubs[gone]
            found = _hubs[loop] = Hub()
        return found


def tell_here(principal: str, message: Message) -> None:
    """Tell a caller's streams in this process something that is not kept; from any thread."""
    with _lock:
        hubs = list(_hubs.values())
    for one in hubs:
        if one.hears(principal) and not one.loop.is_closed():
            one.loop.call_soon_threadsafe(one.tell, principal, message)


def _feeds_for(hospital: Hospital | None) -> Feeds:
    return [None] if hospital is None else [hospital, None]


def _name(hospital: Hospital | None) -> str:
    return str(hospital.schema_name if hospital else get_public_schema_name())
