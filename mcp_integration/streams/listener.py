"""One client of the streams: what it may hear, how far it has heard, and what waits for it, within bounds."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils import translation

from core.errors import DomainError
from credentials.callers import Credential
from events.feed import CursorUnknown, Position
from mcp_integration.streams.cursors import WHOLE, Place, cursor_text
from mcp_integration.streams.messages import Message, error_event, refusal
from mcp_integration.streams.telling import Heard
from tenants.models import Hospital

# What may wait for a client that reads more slowly than things happen.
MOST_MESSAGES: Final = 256
MOST_BYTES: Final = 1024 * 1024
# The number of the platform's feed among those of a hospital's listener.
PLATFORM: Final = 1


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message, and the place in one of the feeds that its client has reached with it."""

    message: Message
    feed: int | None = None
    place: Place | None = None


class Listener:
    """A client. Everything here happens in the event loop, between two awaits.

    Feeds go by their numbers: the hospital's and then the platform's, or the platform's alone. `heard` says
    how far each was gone through for this client, `reached` how far it was handed over.
    """

    def __init__(
        self,
        credential: Credential,
        hospital: Hospital | None,
        places: tuple[Place, ...],
        *,
        language: str = "en",
        token_expires_at: datetime | None = None,
    ) -> None:
        self.credential = credential
        self.hospital = hospital
        self.language = language
        self.token_expires_at = token_expires_at
        self.heard = [place.position for place in places]
        self.reached = list(places)
        self.ended = asyncio.Event()
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self._farewell: Message | None = None

    @property
    def cursor(self) -> str:
        """How far this client has come."""
        return cursor_text(tuple(self.reached))

    @property
    def waiting_bytes(self) -> int:
        """How much waits for this client."""
        return self._bytes

    def start_over(self, feed: int, position: Position) -> None:
        """Go on from a place, and say that what lies between is not known any more."""
        self.heard[feed] = position
        self._wait(_Waiting(self.worded(CursorUnknown()), feed, Place(position)))

    def worded(self, error: DomainError) -> Message:
        """A refusal in this client's language."""
        with translation.override(self.language):
            return refusal(error)

    def messages_of(self, feed: int, heard: Heard, *, after_part: int = 0) -> Iterator[tuple[Message, Place]]:
        """What this client is told of an event, each message with the place that it leads to."""
        self.heard[feed] = heard.told.position
        if not self._may_hear(feed, heard):
            return
        for number, message in enumerate(heard.messages[after_part:], start=after_part + 1):
            part = WHOLE if number == len(heard.messages) else number
            yield message, Place(heard.told.position, part)

    def hand_over(self, message: Message, feed: int, place: Place) -> Message:
        """The message with its id, and the place noted as reached."""
        self.reached[feed] = place
        return replace(message, id=self.cursor)

    def offer(self, feed: int, heard: Heard) -> None:
        """Have an event wait for this client, unless it was heard or may not be."""
        if self.heard[feed].is_before(heard.told.position):
            for message, place in self.messages_of(feed, heard):
                self._wait(_Waiting(message, feed, place))

    def tell(self, message: Message) -> None:
        """Have a message wait that cannot be read again."""
        self._wait(_Waiting(message))

    def take(self) -> Message | None:
        """The next message that waits, None for none. After the end: the farewell, once."""
        if self.ended.is_set():
            farewell, self._farewell = self._farewell, None
            return farewell
        if not self._waiting:
            self._news.clear()
            return None
        one = self._waiting.popleft()
        self._bytes -= one.message.size
        if one.feed is None or one.place is None:
            return one.message
        return self.hand_over(one.message, one.feed, one.place)

    def settle(self) -> str:
        """When nothing waits: what was gone through counts as reached. Returns the cursor."""
        if not self._waiting:
            for feed, position in enumerate(self.heard):
                if self.reached[feed].position != position:
                    self.reached[feed] = Place(position)
        return self.cursor

    async def wait(self, seconds: float) -> None:
        """Return when something waits or the stream has ended, or after so many seconds."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._news.wait()
        except TimeoutError:
            return

    def end(self, farewell: Message | None) -> None:
        """Say nothing more but a farewell. What waits is dropped: it can be asked for again by the cursor."""
        if self.ended.is_set():
            return
        self._waiting.clear()
        self._bytes = 0
        self._farewell = farewell
        self.ended.set()
        self._news.set()

    def _wait(self, one: _Waiting) -> None:
        if self.ended.is_set():
            return
        if len(self._waiting) >= MOST_MESSAGES or self._bytes + one.message.size > MOST_BYTES:
            self.end(error_event("SERVER_ERROR", reason="reader_too_slow", retry_after=1))
            return
        self._waiting.append(one)
        self._bytes += one.message.size
        self._news.set()

    def _may_hear(self, feed: int, heard: Heard) -> bool:
        actor = self.credential.actor
        if self.hospital is not None and feed == PLATFORM:
            return heard.may_be_heard_at(self.hospital.uuid, actor)
        return heard.may_be_heard_by(actor)
