"""Hints and results out of Redis, for the streams of this process. Without it feeds look by themselves."""

import asyncio
import json
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Final

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.sealing import CannotUnseal, unseal
from events import hints
from mcp_integration.streams.messages import Message, tool_response
from mcp_integration.streams.principals import ORIGIN, Envelope, presence_key, results_channel

logger = logging.getLogger(__name__)

# How long one answer of Redis may take, and how long to wait before it is tried again (seconds).
PATIENCE: Final = 2.0
PAUSE: Final = 2.0
# How long it is believed that somebody listens, and how often that is said anew (seconds).
PRESENT_FOR: Final = 60
SAY_EVERY: Final = 15.0


class Wire:
    """One connection to Redis. `on_hint` gets a schema, `on_result` whose result it is and the message."""

    def __init__(
        self,
        *,
        on_hint: Callable[[str], None],
        on_result: Callable[[str, Message], None],
        on_return: Callable[[], None],
        present: Callable[[], Collection[str]],
    ) -> None:
        self._on_hint, self._on_result, self._on_return = on_hint, on_result, on_return
        self._present = present
        self._task: asyncio.Task[None] | None = None
        self._redis: Redis | None = None
        self._was_away = False

    def open(self) -> None:
        """Listen, unless that is so already."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="streams wire")

    def close(self) -> None:
        """Hang up."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def say_present(self, principals: Collection[str]) -> None:
        """Have other processes know that these callers listen somewhere; tries once."""
        if self._redis is None or not principals:
            return
        with suppress(RedisError, OSError, TimeoutError):
            async with self._redis.pipeline(transaction=False) as pipe:
                for principal in principals:
                    pipe.set(presence_key(principal), "1", ex=PRESENT_FOR)
                await pipe.execute()

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                if not self._was_away:
                    logger.warning(
                        "Redis is away (%s): streams look for news by themselves", type(error).__name__
                    )
                self._was_away = True
            await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        """Hand on what comes until the connection breaks."""
        redis = Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=PATIENCE,
            socket_timeout=PATIENCE,
            decode_responses=True,
        )
        async with redis, redis.pubsub(ignore_subscribe_messages=True) as news:
            await news.subscribe(hints.channel(), results_channel())
            self._redis = redis
            try:
                await self._came_back()
                await self._hand_on(news)
            finally:
                self._redis = None

    async def _came_back(self) -> None:
        if self._was_away:
            logger.warning("Redis is back: streams hear of news at once again")
        self._was_away = False
        # What was said in the meantime has gone by.
        self._on_return()
        await self.say_present(self._present())

    async def _hand_on(self, news: Any) -> None:
        said_at = _now()
        while True:
            came = await news.get_message(timeout=PATIENCE)
            if came is not None and came["type"] == "message":
                self._take(came["channel"], came["data"])
            if _now() - said_at > SAY_EVERY:
                said_at = _now()
                # A server that hangs keeps its connections: only an answer says that it is there.
                await self._require_answer()
                await self.say_present(self._present())

    async def _require_answer(self) -> None:
        if self._redis is not None:
            await self._redis.ping()

    def _take(self, channel: str, data: str) -> None:
        if channel == hints.channel():
            self._on_hint(data)
            return
        with suppress(ValueError, LookupError, TypeError, CannotUnseal):
            envelope = Envelope.read(data)
            if envelope.origin != ORIGIN and envelope.principal in self._present():
                said = json.loads(unseal(envelope.sealed, place=envelope.place))
                self._on_result(envelope.principal, tool_response(said["tool"], said["result"]))


def _now() -> float:
    return asyncio.get_running_loop().time()
