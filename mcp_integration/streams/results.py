"""What a caller's tools gave, told to the same caller's streams, wherever they are open."""

import json
import logging
import queue
import threading
import time
from typing import Any, Final

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rest_framework.utils.encoders import JSONEncoder

from core.sealing import seal
from credentials.callers import Credential
from mcp_integration.streams.hubs import tell_here
from mcp_integration.streams.messages import error_event, tool_response
from mcp_integration.streams.principals import (
    ORIGIN,
    Envelope,
    place_of,
    presence_key,
    principal_of,
    results_channel,
)

logger = logging.getLogger(__name__)

# How long one answer of Redis may take, and how long it is left alone after a failure (seconds).
PATIENCE, PAUSE = 0.5, 5.0
# Results that may wait for Redis, and how large one may be to travel (characters of JSON).
MOST: Final = 256
LARGEST: Final = 256 * 1024


def tell_result(credential: Credential, tool: str, result: Any) -> None:
    """Tell the streams of a caller what one of their tools gave. Returns at once; from any thread.

    In this process directly; in others by Redis, if the caller listens there. Nothing is kept: whoever does
    not listen, or while Redis is away listens elsewhere, does not hear of it.
    """
    principal = principal_of(credential)
    message = tool_response(tool, result)
    if len(message.text) > LARGEST:
        message = error_event("result_too_large", tool=tool)
    tell_here(principal, message)
    if message.event == "tool_response":
        _post.put(principal, {"tool": tool, "result": result})


class _Post:
    """Sends from a thread of its own, one for each process: Redis may take its time."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue(MOST)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._redis: Redis | None = None
        self._ask_again_at = 0.0

    def put(self, principal: str, said: dict[str, Any]) -> None:
        """Have it sent; what finds no room is dropped."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                # Also the first time after a fork, which no thread survives.
                self._thread = threading.Thread(target=self._work, name="streams results", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait((principal, said))
        except queue.Full:
            logger.warning("a result was not told to streams: too many wait")

    def _work(self) -> None:
        while True:
            principal, said = self._waiting.get()
            if time.monotonic() < self._ask_again_at:
                continue
            try:
                self._send(principal, said)
            except RedisError:
                self._ask_again_at = time.monotonic() + PAUSE

    def _send(self, principal: str, said: dict[str, Any]) -> None:
        if self._redis is None:
            self._redis = Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=PATIENCE,
                socket_connect_timeout=PATIENCE,
                retry=Retry(NoBackoff(), 0),
            )
        if not self._redis.exists(presence_key(principal)):
            return
        sealed = seal(json.dumps(said, cls=JSONEncoder), place=place_of(principal))
        self._redis.publish(results_channel(), str(Envelope(principal, ORIGIN, sealed)))


_post = _Post()
