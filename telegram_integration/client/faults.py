"""What an error of the library is: its class, its description, and what caused it."""

from collections.abc import Callable
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from telegram_integration.client.errors import (
    Away,
    BadToken,
    Blocked,
    Refused,
    TelegramFault,
    Unknown,
    Wait,
    Why,
)

# What failed before a byte of the request went out.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_TOO_MANY_FOR_NOW = 503  # an HTTP status: the request was not looked at


class ServerFault(NetworkError):
    """Telegram answered with a status of 500 or more."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


_FAULTS: dict[type[TelegramError], Callable[[], TelegramFault]] = {
    Forbidden: Blocked,
    InvalidToken: BadToken,
    Conflict: lambda: Refused(Why.CONFLICT),
    ChatMigrated: lambda: Refused(Why.NO_CHAT),
}
# Parts of descriptions (lower case), as seen from the Bot API; there are no codes.
_WHY = {
    "message is not modified": Why.UNCHANGED,
    "message to edit not found": Why.GONE,
    "message can't be edited": Why.GONE,
    "message_id_invalid": Why.GONE,
    "query is too old": Why.STALE,
    "query id is invalid": Why.STALE,
    "query_id_invalid": Why.STALE,
    "chat not found": Why.NO_CHAT,
}


def fault_of(error: TelegramError) -> TelegramFault:
    """The fault that an error of the library is."""
    if isinstance(error, RetryAfter):
        return Wait(_seconds(error.retry_after))
    if isinstance(error, ServerFault):
        return Away() if error.status == _TOO_MANY_FOR_NOW else Unknown()
    if isinstance(error, BadRequest):
        return Refused(_why(error.message))
    for kind, fault in _FAULTS.items():
        if isinstance(error, kind):
            return fault()
    return Away() if isinstance(error.__cause__, _NEVER_SENT) else Unknown()


def _why(description: str) -> Why:
    told = description.lower()
    return next((why for part, why in _WHY.items() if part in told), Why.OTHER)


def _seconds(given: int | timedelta) -> float:
    return given.total_seconds() if isinstance(given, timedelta) else float(given)
