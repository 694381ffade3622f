"""A sign of life of the processes that answer: in Redis, for whoever asks whether the bot is there."""

import asyncio
import time
from contextlib import suppress

from django.conf import settings
from django.db import connection
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import RedisError

# How often it is given, and how long it is remembered (seconds).
EVERY, KEPT = 10.0, 86400


async def keep_saying_alive() -> None:
    """Note every ten seconds that this process answers, until cancelled. Without Redis nobody hears it."""
    while True:
        with suppress(RedisError, OSError, TimeoutError):
            async with AsyncRedis.from_url(
                settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
            ) as redis:
                await redis.set(_key(), f"{time.time():.3f}", ex=KEPT)
        await asyncio.sleep(EVERY)


def seconds_since_alive(redis: Redis) -> float | None:
    """How long ago a process last noted that it answers, None for never. Raises `RedisError`."""
    noted = redis.get(_key())
    return max(0.0, time.time() - float(noted)) if isinstance(noted, bytes | str) else None


def _key() -> str:
    return f"nadmor:telegram:heartbeat:{connection.settings_dict['NAME']}"
