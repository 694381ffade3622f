"""How fast messages may leave: a token bucket for each bot and for each of its chats, shared through Redis.

Telegram asks for at most 30 messages a second of a bot and one a second to a chat
(core.telegram.org/bots/faq, "My bot is hitting limits"). Time is Redis' own, so clocks of machines need not
agree. While Redis is away each process counts for itself, at its share of the rate.
"""

import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any
from uuid import UUID

from cachetools import TTLCache
from django.conf import settings
from django.db import connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from telegram_integration.models import TelegramBot

logger = logging.getLogger(__name__)

# How many processes send at once; without Redis each of them takes so much less.
PLACES = 4
# Messages to one chat are so far apart (seconds).
CHAT_PAUSE = 1.0
# So much of a second's messages may leave at once.
_BURST = 0.1
# Replies are not held up. What they take beyond the rate delays what waits by so much at most (seconds).
_LONGEST_DEBT = 3.0

# Telegram means the whole bot where so many chats hear of a pause within so many seconds.
_CHATS_OF_ALL, _SAME_MOMENT = 3, 5

# How long Redis may take for an answer, and how long it is left alone after a failure (seconds).
_PATIENCE, _REST = 0.2, 5.0

# The generic cell rate algorithm (ITU-T I.371, annex A): of a bucket only the instant is kept at which it is
# full again, in microseconds. A whole number of 16 digits must not go through Lua's usual way of writing one.
_TAKE = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local bot = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local chat = math.max(tonumber(redis.call('GET', KEYS[2]) or '0'), now)
local every, burst, pause, debt = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if debt == 0 then
  if chat > now then return {1, chat - now} end
  if bot - burst > now then return {2, bot - burst - now} end
  bot, chat = bot + every, now + pause
else
  bot = math.max(bot, math.min(bot + every, now + debt))
  chat = math.max(chat, now + pause)
end
redis.call('SET', KEYS[1], string.format('%.0f', bot), 'PX', math.ceil((bot - now) / 1000) + 1000)
redis.call('SET', KEYS[2], string.format('%.0f', chat), 'PX', math.ceil((chat - now) / 1000) + 1000)
return {0, 0}
"""
_EMPTY = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now + tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1000)
return 0
"""


class Whose(StrEnum):
    """Whose bucket is empty."""

    NOBODYS = ""
    CHATS = "chat"
    BOTS = "bot"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait (seconds) for room in a bucket, and in whose; 0 when the message may go."""

    seconds: float = 0.0
    whose: Whose = Whose.NOBODYS


_GO = Wait()
_WHOSE = (Whose.NOBODYS, Whose.CHATS, Whose.BOTS)


def take(bot: TelegramBot, user_id: UUID, *, patience: float = 0.0) -> Wait:
    """Take room for one message of a bot to a user. Waits for the bot's rate, for `patience` seconds at most.

    A chat that is busy is not waited for. Nothing was taken where the answer is to wait.
    """
    until = time.monotonic() + patience
    while True:
        wait = _shared().take(bot.pk, user_id)
        if wait.whose is not Whose.BOTS or time.monotonic() + wait.seconds > until:
            return wait
        time.sleep(wait.seconds)


def spent(bot: TelegramBot, user_id: UUID) -> None:
    """Count a message that is sent at once: a reply to somebody who waits for it. Never raises or waits."""
    _shared().take(bot.pk, user_id, debt=_LONGEST_DEBT)


def pause(bot: TelegramBot, user_id: UUID, seconds: float) -> None:
    """Telegram wants a pause, which it asks for in a chat without saying whether it means the whole bot.

    That it does is seen from how many chats hear the same within seconds.
    """
    shared = _shared()
    shared.empty(_name(bot.pk, user_id), seconds)
    if shared.told_to_wait(bot.pk, user_id) >= _CHATS_OF_ALL:
        shared.empty(_name(bot.pk), seconds + _BURST)


def forget_buckets() -> None:
    """Let go of what this process remembers and of its connections."""
    while _buckets:
        _, one = _buckets.popitem()
        one.close()


class _Buckets:
    """The buckets in Redis; those of this process alone while it is away. Safe for threads."""

    def __init__(self, url: str, prefix: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._prefix = prefix
        self._take, self._empty = self._redis.register_script(_TAKE), self._redis.register_script(_EMPTY)
        self._own = _Own()
        self._ask_again_at = 0.0

    def take(self, bot: UUID, user: UUID, *, debt: float = 0.0) -> Wait:
        rate = settings.TELEGRAM_MESSAGES_PER_SECOND
        names = _name(bot), _name(bot, user)
        if time.monotonic() >= self._ask_again_at:
            told = [round(span * 1_000_000) for span in (1 / rate, _burst(rate), CHAT_PAUSE, debt)]
            try:
                answer: Any = self._take(keys=[self._prefix + name for name in names], args=told)
            except RedisError as error:
                self._went_away(error)
            else:
                return Wait(answer[1] / 1_000_000, _WHOSE[answer[0]])
        return self._own.take(*names, every=PLACES / rate, debt=debt)

    def empty(self, name: str, seconds: float) -> None:
        self._own.empty(name, seconds)
        try:
            self._empty(keys=[self._prefix + name], args=[round(seconds * 1_000_000)])
        except RedisError as error:
            self._went_away(error)

    def told_to_wait(self, bot: UUID, user: UUID) -> int:
        """Note that a chat heard of a pause; how many of the bot's did so in the same moment."""
        name = f"{self._prefix}{_name(bot)}:told"
        try:
            with self._redis.pipeline() as pipe:
                pipe.sadd(name, user.hex)
                pipe.expire(name, _SAME_MOMENT)
                pipe.scard(name)
                return int(pipe.execute()[-1])
        except RedisError as error:
            self._went_away(error)
            # Nobody knows what the other processes hear: better too slow.
            return _CHATS_OF_ALL

    def close(self) -> None:
        self._redis.close()

    def _went_away(self, error: RedisError) -> None:
        logger.warning("Redis is away (%s): messages are counted by each process", type(error).__name__)
        self._ask_again_at = time.monotonic() + _REST


class _Own:
    """The same for one process: without bursts, and everything as if all other processes sent too."""

    def __init__(self) -> None:
        self._full_at: TTLCache[str, float] = TTLCache(maxsize=10_000, ttl=3600)
        self._lock = Lock()

    def take(self, bot: str, chat: str, *, every: float, debt: float) -> Wait:
        with self._lock:
            now = time.monotonic()
            bot_at, chat_at = (max(self._full_at.get(name, now), now) for name in (bot, chat))
            if not debt and chat_at > now:
                return Wait(chat_at - now, Whose.CHATS)
            if not debt and bot_at > now:
                return Wait(bot_at - now, Whose.BOTS)
            self._full_at[bot] = max(bot_at, min(bot_at + every, now + debt)) if debt else bot_at + every
            self._full_at[chat] = max(chat_at, now + CHAT_PAUSE * PLACES)
            return _GO

    def empty(self, name: str, seconds: float) -> None:
        with self._lock:
            now = time.monotonic()
            self._full_at[name] = max(self._full_at.get(name, now), now + seconds)


_buckets: dict[tuple[str, str], _Buckets] = {}
_making = Lock()


def _shared() -> _Buckets:
    """This process's way to the buckets of the database at hand: a test's never mix with another's."""
    place = (settings.REDIS_URL, str(connection.settings_dict["NAME"]))
    if (found := _buckets.get(place)) is None:
        with _making:
            made = _Buckets(place[0], f"nadmor:{place[1]}:telegram:bucket:")
            found = _buckets.setdefault(place, made)
    return found


def _name(bot: UUID, user: UUID | None = None) -> str:
    """A bucket's name: our own ids, never Telegram's."""
    return f"{bot.hex}:{user.hex}" if user is not None else bot.hex


def _burst(rate: int) -> float:
    """How far ahead of an even pace a message may be (seconds): none where few go anyway."""
    return _BURST if rate * _BURST > 1 else 0.0
