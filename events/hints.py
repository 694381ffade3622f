"""Telling those who read the feed that there is more: a hint over Redis, not a promise.

It goes out after COMMIT, on a thread of its own: a Redis that is down or hangs delays nobody, and whoever
reads looks every few seconds anyway. It says which schema, and nothing of what happened.
"""

import time
from contextlib import suppress

from django.conf import settings
from django.db import connection, transaction
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from jobs.wakeup import Bell

# How long one answer of Redis may take, and how long it is left alone after a failure (seconds).
PATIENCE, PAUSE = 0.5, 5.0
# Somebody looks at a page that follows: a hint for each schema in this time (seconds).
AT_MOST_EVERY = 0.02


class Publisher:
    """Publishes hints from the one thread that calls it. What goes wrong is nobody's loss."""

    def __init__(self) -> None:
        self._redis: Redis | None = None
        self._ask_again_at = 0.0

    def publish(self, channel: str, message: str) -> None:
        """Publish, unless Redis failed a moment ago."""
        if time.monotonic() < self._ask_again_at:
            return
        if self._redis is None:
            self._redis = Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=PATIENCE,
                socket_connect_timeout=PATIENCE,
                retry=Retry(NoBackoff(), 0),
            )
        try:
            self._redis.publish(channel, message)
        except RedisError:
            self._ask_again_at = time.monotonic() + PAUSE
            with suppress(RedisError):
                self._redis.close()


_publisher = Publisher()
_bell = Bell(lambda schema: _publisher.publish(channel(), schema), pause=AT_MOST_EVERY)


def channel() -> str:
    """The channel on which the names of schemas come. Its own name says the database alone."""
    return f"nadmor:feed:{connection.settings_dict['NAME']}"


def hint(schema: str) -> None:
    """Have the readers of a schema look once the transaction at hand is committed."""
    transaction.on_commit(lambda: _bell.ring(schema), robust=True)
