"""Sealing what has to be read again: AES-256-GCM (NIST SP 800-38D), bound to the place where it is kept."""

import base64
import hashlib
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

# The form of what is sealed: a byte that names the form, 4 bytes that name the key, 12 of nonce, the rest.
_FORM, _KEY_ID, _NONCE = b"\x01", 4, 12


class CannotUnseal(Exception):
    """The key is gone, or the sealed text was changed or moved to another place."""


def seal(text: str, *, place: str) -> str:
    """A text as URL-safe base64 that only `unseal` with the same place reads.

    `place` says where it is kept (``webhooks.secret:<id>``), so that a copy in another row opens nothing.
    """
    name, cipher = next(iter(_keys().items()))
    nonce = secrets.token_bytes(_NONCE)
    sealed = _FORM + name + nonce + cipher.encrypt(nonce, text.encode(), place.encode())
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(sealed: str, *, place: str) -> str:
    """The text that was sealed for a place. Raises `CannotUnseal`."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        name, nonce, rest = raw[1:5], raw[5:17], raw[17:]
        return _keys()[name].decrypt(nonce, rest, place.encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise CannotUnseal(place) from error


def _keys() -> dict[bytes, AESGCM]:
    return _ciphers(tuple(settings.ENCRYPTION_KEYS))


@lru_cache(maxsize=4)
def _ciphers(texts: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """A cipher for each key by the key's name; the first one seals, all unseal."""
    keys = [hashlib.scrypt(text.encode(), salt=b"nadmor", n=2**14, r=8, p=1, dklen=32) for text in texts]
    return {hashlib.sha256(key).digest()[:_KEY_ID]: AESGCM(key) for key in keys}
