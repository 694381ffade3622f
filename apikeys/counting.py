"""Counting in Redis, exact across processes and machines; in this process alone while Redis is away."""

import logging
import math
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.db import connection
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from apikeys.policies import Rate

logger = logging.getLogger(__name__)

# How long one answer of Redis may take (seconds). It takes less than a thousandth of that, but a busy machine
# keeps processes waiting, and in a crowd above all the count has to be one.
PATIENCE = 0.5
# After a failure Redis is left alone for this long (seconds): one request pays for each try, not all.
PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Count:
    """Whether one more was allowed, how many are left, and the seconds until the oldest one is forgotten."""

    is_allowed: bool
    remaining: int
    reset_after: int


class _Storage(RedisStorage):
    """The package's storage; asking for one more and what is left takes one round trip, not two."""

    def take(self, key: str, rate: Rate) -> Count:
        """Count one more if there is room. Raises `RedisError`."""
        try:
            return self._take(key, rate)
        except NoScriptError:  # a server that was started anew
            for script in (self.lua_acquire_moving_window, self.lua_moving_window):
                self.storage.script_load(script.script)
            return self._take(key, rate)

    def _take(self, key: str, rate: Rate) -> Count:
        name, now = self.prefixed_key(key), time.time()
        with self.storage.pipeline(transaction=False) as pipe:
            pipe.evalsha(self.lua_acquire_moving_window.sha, 1, name, now, rate.amount, rate.seconds, 1)
            pipe.evalsha(self.lua_moving_window.sha, 1, name, now - rate.seconds, rate.amount)
            is_allowed, window = pipe.execute()
        oldest, used = (float(window[0]), int(window[1])) if window else (now, 0)
        return _counted(bool(is_allowed), rate, used=used, oldest=oldest, now=now)


def _counted(is_allowed: bool, rate: Rate, *, used: int, oldest: float, now: float) -> Count:  # noqa: FBT001
    # Redis keeps a tenth of a millisecond.
    left = math.ceil(oldest + rate.seconds - now - 0.001)
    reset_after = min(max(1, left), rate.seconds)
    return Count(is_allowed, max(0, rate.amount - used), reset_after)


class Counter:
    """Counts for one installation. Safe for threads; each process has its own, made after it was forked."""

    def __init__(self, url: str, prefix: str) -> None:
        self._redis = _Storage(
            url,
            key_prefix=prefix,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]  # handed on to redis-py as it is
        )
        self._local: MovingWindowRateLimiter | None = None
        self._lock = Lock()
        self._ask_again_at = 0.0
        self.is_degraded = False

    def take(self, policy: str, who: str, rate: Rate) -> Count:
        """Count one more for somebody under a policy, if there is room."""
        item = RateLimitItemPerSecond(rate.amount, rate.seconds, namespace=policy)
        if self._may_ask():
            try:
                count = self._redis.take(item.key_for(who), rate)
            except RedisError as error:
                self._went_away(error)
            else:
                self._came_back()
                return count
        return self._take_here(item, who, rate)

    def look(self) -> bool:
        """Whether Redis answers, asking it unless it failed a moment ago."""
        if self._may_ask():
            try:
                self._redis.storage.ping()
            except RedisError as error:
                self._went_away(error)
            else:
                self._came_back()
        return not self.is_degraded

    def forget(self) -> None:
        """Forget every count of this installation, also in Redis if it answers; let go of connections."""
        self.is_degraded, self._local = False, None
        with suppress(RedisError):
            self._redis.reset()
        self._redis.storage.connection_pool.disconnect()

    def _may_ask(self) -> bool:
        """True when Redis answered last time; after a failure for one caller in each pause."""
        if not self.is_degraded:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._ask_again_at:
                return False
            self._ask_again_at = now + PAUSE
            return True

    def _went_away(self, error: RedisError) -> None:
        with self._lock:
            self._ask_again_at = time.monotonic() + PAUSE
            if not self.is_degraded:
                logger.warning("Redis is away (%s): rate limits are counted locally", type(error).__name__)
            self.is_degraded = True

    def _came_back(self) -> None:
        if self.is_degraded:
            logger.warning("Redis is back: rate limits are shared again")
            # Until the next outage: what was counted here is old by then.
            self.is_degraded, self._local = False, None

    def _take_here(self, item: RateLimitItemPerSecond, who: str, rate: Rate) -> Count:
        with self._lock:
            limiter = self._local = self._local or MovingWindowRateLimiter(MemoryStorage())
        is_allowed = limiter.hit(item, who)
        left, now = limiter.get_window_stats(item, who), time.time()
        return _counted(
            is_allowed,
            rate,
            used=rate.amount - left.remaining,
            oldest=left.reset_time - rate.seconds,
            now=now,
        )


_counters: dict[tuple[str, str], Counter] = {}
_making = Lock()


def forget_counts() -> None:
    """Forget every count of the counters that this process has made."""
    for place in list(_counters):
        _counters.pop(place).forget()


def counter() -> Counter:
    """This process's counter for the database at hand: a test's counts never mix with another's."""
    place = (settings.REDIS_URL, str(connection.settings_dict["NAME"]))
    if (found := _counters.get(place)) is None:
        with _making:
            found = _counters.setdefault(place, Counter(place[0], f"nadmor:limits:{place[1]}"))
    return found
