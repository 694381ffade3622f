"""What somebody is typing step by step: in Redis, read at each update, so that any process goes on."""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.sealing import CannotUnseal, seal, unseal

# Long enough to look for a letter from the hospital; then the question is asked anew.
KEPT_FOR = 3600  # seconds
# How long Redis may take for an answer (seconds); somebody waits for it.
PATIENCE = 0.5


@dataclass(frozen=True, slots=True)
class Draft:
    """The question that was asked last (`step`) and what was answered so far."""

    step: str
    data: dict[str, Any] = field(default_factory=dict)


NOTHING = Draft("")


def load(bot_id: UUID, user_id: UUID) -> Draft:
    """What a user of a bot is typing; `NOTHING` when that is over. Raises `RedisError`."""
    key = _key(bot_id, user_id)
    kept: Any = _redis(settings.REDIS_URL).get(key)
    if kept is None:
        return NOTHING
    try:
        step, data = json.loads(unseal(kept.decode(), place=key))
    except (CannotUnseal, ValueError):
        return NOTHING
    return Draft(step, data)


def keep(bot_id: UUID, user_id: UUID, draft: Draft) -> None:
    """Remember it for an hour from now. Sealed: it holds names and numbers."""
    key = _key(bot_id, user_id)
    sealed = seal(json.dumps([draft.step, draft.data]), place=key)
    _redis(settings.REDIS_URL).set(key, sealed, ex=KEPT_FOR)


def drop(bot_id: UUID, user_id: UUID) -> None:
    """Forget it."""
    _redis(settings.REDIS_URL).delete(_key(bot_id, user_id))


def _key(bot_id: UUID, user_id: UUID) -> str:
    return f"nadmor:{connection.settings_dict['NAME']}:telegram:draft:{bot_id.hex}:{user_id.hex}"


@lru_cache(maxsize=1)
def _redis(url: str) -> Redis:
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=once)
