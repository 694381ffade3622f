"""Redis as the broker: a worker outlives every loss of it.

When Redis went away, kombu 5.7.0 asks a channel whose connection was closed where Redis is, to acknowledge or
put back what was under way, and meets None. Celery takes an AttributeError for the end of the worker, and an
error of the connection for a reason to connect again.
"""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis


class LastingChannel(redis.Channel):
    """A channel that says in Celery's terms that it has lost its connection."""

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  -- kombu's own
        if getattr(self.connection, "client", None) is None:
            raise ConnectionResetError("the channel is closed")
        given: dict[str, Any] = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]  # no stub
        return given


class Transport(redis.Transport):
    """kombu's transport with such channels."""

    Channel = LastingChannel


def use_lasting_channels() -> None:
    """Have every connection to Redis made by this transport."""
    TRANSPORT_ALIASES.update(redis="config.broker:Transport", rediss="config.broker:Transport")
