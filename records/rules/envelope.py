"""A sealed text: AES-256-GCM (NIST SP 800-38D) under a hospital's data key, bound to the cell it stands in.

One byte names the form, 16 the data key, 12 are the nonce, the rest is the text and its tag. A random nonce
is good for 2^32 texts of one key (section 8.3 there): a hospital's key is replaced long before.
"""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORM = b"\x01"
# Where in a sealed text the key's id stands, counted from 1 as SQL's substring() does, and how long it is.
KEY_AT, KEY_LENGTH = 2, 16
_NONCE_LENGTH = 12
_NONCE_AT = len(FORM) + KEY_LENGTH
_TEXT_AT = _NONCE_AT + _NONCE_LENGTH


class DoesNotOpen(Exception):
    """It was not sealed with this key, not for this place, or was changed since."""


def place_of(schema: str, table: str, column: str, row_id: object) -> str:
    """What a text is bound to: the same bytes in another hospital, table, column or row open nothing."""
    return f"{schema}|{table}|{column}|{row_id}"


def seal_text(text: str, *, cipher: AESGCM, key_id: UUID, place: str) -> bytes:
    """A text as bytes that `open_text` reads with the same key and place; different ones each time."""
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    return FORM + key_id.bytes + nonce + cipher.encrypt(nonce, text.encode(), place.encode())


def key_of(sealed: bytes) -> UUID:
    """The id of the key that a text is sealed with. Raises `DoesNotOpen` for bytes of another form."""
    if len(sealed) <= _TEXT_AT or not sealed.startswith(FORM):
        raise DoesNotOpen
    return UUID(bytes=sealed[len(FORM) : _NONCE_AT])


def open_text(sealed: bytes, *, cipher: AESGCM, place: str) -> str:
    """The text that was sealed for a place. Raises `DoesNotOpen`."""
    try:
        opened = cipher.decrypt(sealed[_NONCE_AT:_TEXT_AT], sealed[_TEXT_AT:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise DoesNotOpen from error
    return opened.decode()
