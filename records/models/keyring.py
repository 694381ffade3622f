"""The keys of the hospital at hand, unwrapped and kept in the process for a short time.

Whoever seals reads which key is newest inside of the transaction that writes, and keeps it from being
retired until that ends: so no text is ever sealed with a key that is gone.
"""

import base64
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction

from core.sealing import CannotUnseal, seal, unseal
from records.errors import RecordsSealed
from records.models.keys import KeyPurpose, RecordKey
from tenants.context import current_schema

KEY_BYTES = 32
# How long an unwrapped key is kept (seconds): as long as a destroyed one may still open something.
KEPT_FOR = 60

_NEWEST = """
SELECT id, wrapped FROM records_recordkey WHERE purpose = %s AND retired_at IS NULL
ORDER BY created_at DESC, id DESC LIMIT 1
"""
# Whoever retires a key waits for those who hold it.
_HOLD = " FOR KEY SHARE"
_ADD = "INSERT INTO records_recordkey (id, purpose, wrapped) VALUES (%s, %s, %s)"
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ':records.key', 0))"


@dataclass(frozen=True, slots=True)
class Key:
    """An unwrapped key of a hospital."""

    id: UUID
    schema: str
    secret: bytes
    cipher: AESGCM


_kept: dict[tuple[str, UUID], tuple[float, Key]] = {}
_sealing: ContextVar[Key | None] = ContextVar("sealing", default=None)


@contextmanager
def sealing() -> Iterator[None]:
    """Clinical text that is written in the block is sealed with the hospital's newest key.

    The block is one transaction. A hospital's first key is made here. Raises `RecordsSealed`.
    """
    present = _sealing.get()
    if present is not None and present.schema == current_schema():
        yield
        return
    with transaction.atomic():
        token = _sealing.set(_newest(KeyPurpose.TEXT))
        try:
            yield
        finally:
            _sealing.reset(token)


def sealing_key() -> Key:
    """The key of the surrounding `sealing` block. Raises `RuntimeError` outside of one."""
    key = _sealing.get()
    if key is None or key.schema != current_schema():
        raise RuntimeError("Clinical text is written inside of a `sealing` block.")
    return key


def opening_key(key_id: UUID) -> Key:
    """A key of the hospital by its id. Raises `RecordsSealed` where it is missing or does not unwrap."""
    if (key := _from_memory(key_id)) is not None:
        return key
    wrapped = RecordKey.objects.filter(pk=key_id).values_list("wrapped", flat=True).first()
    return _unwrapped(key_id, wrapped or "")


def log_secret() -> bytes:
    """What the entries of the hospital's log of reads are signed with; call within a transaction."""
    return _newest(KeyPurpose.LOG).secret


def add_key(purpose: KeyPurpose = KeyPurpose.TEXT) -> Key:
    """Make a key of the hospital, wrapped by the first master key."""
    key_id, secret = uuid4(), secrets.token_bytes(KEY_BYTES)
    wrapped = wrap(key_id, secret)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [key_id, purpose, wrapped])
    return _unwrapped(key_id, wrapped)


def wrap(key_id: UUID, secret: bytes) -> str:
    """A key as it is stored, under the first master key: in another hospital or row it opens nothing."""
    return seal(base64.b64encode(secret).decode(), place=_place(key_id))


def unwrap(key_id: UUID, wrapped: str) -> bytes:
    """The key that was wrapped. Raises `CannotUnseal`."""
    return base64.b64decode(unseal(wrapped, place=_place(key_id)))


def forget_keys() -> None:
    """Unwrap every key anew from now on."""
    _kept.clear()


def _newest(purpose: KeyPurpose) -> Key:
    found = _ask(purpose)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(_TURN)
        found = _ask(purpose)
    if found is None:
        return add_key(purpose)
    return _from_memory(found[0]) or _unwrapped(*found)


def _ask(purpose: KeyPurpose) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST + (_HOLD if purpose is KeyPurpose.TEXT else ""), [purpose])
        return cursor.fetchone()


def _from_memory(key_id: UUID) -> Key | None:
    until, key = _kept.get((current_schema(), key_id), (0.0, None))
    return key if until > time.monotonic() else None


def _unwrapped(key_id: UUID, wrapped: str) -> Key:
    try:
        secret = unwrap(key_id, wrapped)
    except CannotUnseal as error:
        raise RecordsSealed from error
    key = Key(key_id, current_schema(), secret, AESGCM(secret))
    now = time.monotonic()
    for place in [place for place, (until, _) in list(_kept.items()) if until <= now]:
        _kept.pop(place, None)
    _kept[key.schema, key.id] = now + KEPT_FOR, key
    return key


def _place(key_id: UUID) -> str:
    return f"records.key:{current_schema()}:{key_id}"
