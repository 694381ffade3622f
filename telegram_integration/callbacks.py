"""What a button means, in at most 64 bytes: an action, the hospital, arguments, and a signature.

The text is ``action.hospital.argument….mac``. The signature binds it to the bot and the chat, so that data
copied from another chat, or made up, opens nothing. Everything is checked again all the same: a signed button
may be months old.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from django.conf import settings

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# 48 bits: each guess costs an update, and taps of a chat are counted.
_MAC_BYTES = 6
_FIRST_DAY = date(2020, 1, 1)


class BadTap(Exception):
    """Callback data that we did not sign for this chat, or cannot read any more."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that was tapped: what is to be done, in which hospital (its integer key, 0 for none)."""

    action: str
    hospital_id: int
    arguments: tuple[str, ...] = ()


def sign(tap: Tap, *, bot_id: UUID, chat_id: int) -> str:
    """The callback data of a button. Arguments are of ``A-Za-z0-9_-``, as the `pack…` functions make them."""
    body = ".".join((tap.action, pack_int(tap.hospital_id), *tap.arguments))
    return f"{body}.{_mac(_key(settings.SECRET_KEY), body, bot_id, chat_id)}"


def read(data: str, *, bot_id: UUID, chat_id: int) -> Tap:
    """The button that the data is. Raises `BadTap`."""
    body, _, mac = data.rpartition(".")
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    given = mac.encode()
    if not any(hmac.compare_digest(given, _mac(_key(key), body, bot_id, chat_id).encode()) for key in keys):
        raise BadTap
    action, hospital, *arguments = body.split(".")
    return Tap(action, unpack_int(hospital), tuple(arguments))


def pack_int(number: int) -> str:
    """A number from 0 on in base 36."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"


def unpack_int(text: str) -> int:
    """The number of a text of `pack_int`. Raises `BadTap`."""
    try:
        return int(text, 36)
    except ValueError as error:
        raise BadTap from error


def pack_uuid(value: UUID) -> str:
    """A UUID in 22 characters."""
    return base64.urlsafe_b64encode(value.bytes).decode().rstrip("=")


def unpack_uuid(text: str) -> UUID:
    """The UUID of a text of `pack_uuid`. Raises `BadTap`."""
    try:
        return UUID(bytes=base64.urlsafe_b64decode(text + "=="))
    except ValueError as error:
        raise BadTap from error


def pack_day(day: date) -> str:
    """A day from 2020 on, in 2 to 3 characters."""
    return pack_int((day - _FIRST_DAY).days)


def unpack_day(text: str) -> date:
    """The day of a text of `pack_day`. Raises `BadTap`."""
    try:
        return _FIRST_DAY + timedelta(days=unpack_int(text))
    except OverflowError as error:
        raise BadTap from error


def pack_instant(instant: datetime | int) -> str:
    """An instant (aware, or epoch seconds) by the minute, in 5 characters."""
    seconds = instant if isinstance(instant, int) else int(instant.timestamp())
    return pack_int(seconds // 60)


def unpack_instant(text: str) -> datetime:
    """The instant of a text of `pack_instant`, in UTC. Raises `BadTap`."""
    try:
        return datetime.fromtimestamp(unpack_int(text) * 60, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise BadTap from error


def _mac(key: bytes, body: str, bot_id: UUID, chat_id: int) -> str:
    told = f"{bot_id}|{chat_id}|{body}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, told, "sha256")[:_MAC_BYTES]).decode()


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"telegram_integration.callbacks", sha256)
