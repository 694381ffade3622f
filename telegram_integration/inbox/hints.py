"""Telling those who work the inbox off that there is something: a hint over Redis, not a promise.

They look every second anyway. It goes out on a thread of its own: a Redis that is down delays nobody.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import RedisError

from events.hints import Publisher
from jobs.wakeup import Bell

logger = logging.getLogger(__name__)

# Hints of one process in this time are one (seconds).
AT_MOST_EVERY = 0.01
# A listener asks for a sign of life this often: a server that hangs keeps its connections (seconds).
ASK_EVERY = 15.0


_publisher = Publisher()
_bell = Bell(lambda name: _publisher.publish(name, ""), pause=AT_MOST_EVERY)


def hint() -> None:
    """Have the workers of all processes look soon; returns at once."""
    _bell.ring(channel())


def channel() -> str:
    """The channel that hints come on; its name says the database alone."""
    return f"nadmor:telegram:inbox:{connection.settings_dict['NAME']}"


async def listen(on_hint: Callable[[], None]) -> None:
    """Call `on_hint` for each hint until cancelled. While Redis is away it tries again, and says so once."""
    was_away = False
    while True:
        try:
            redis = AsyncRedis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
            async with redis, redis.pubsub(ignore_subscribe_messages=True) as news:
                await news.subscribe(channel())
                if was_away:
                    logger.warning("Redis is back: updates are heard of at once again")
                was_away = False
                on_hint()
                await _hand_on(redis, news, on_hint)
        except (RedisError, OSError, TimeoutError) as error:
            if not was_away:
                logger.warning(
                    "Redis is away (%s): the inbox is looked at every second", type(error).__name__
                )
            was_away = True
        await asyncio.sleep(2)


async def _hand_on(redis: AsyncRedis, news: Any, on_hint: Callable[[], None]) -> None:
    asked_at = time.monotonic()
    while True:
        if await news.get_message(timeout=2) is not None:
            on_hint()
        if time.monotonic() - asked_at > ASK_EVERY:
            asked_at = time.monotonic()
            await redis.ping()
