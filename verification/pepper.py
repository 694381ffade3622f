"""What is kept of numbers and codes: HMAC-SHA256 (RFC 2104) with a pepper that no table holds.

The pepper is derived from ENCRYPTION_KEYS. A plain hash would hide nothing: there are a million codes, and
not many more numbers. With a new key in front, the first one writes and any of them still finds what was
written with an older one, so that changing the keys neither kills the codes on their way nor resets limits.
"""

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings

_SALT = b"nadmor.phone-challenges"


def phone_keys(phone: str) -> list[str]:
    """The keys of a number (E.164), hexadecimal: the first to write, all to look it up."""
    return [_key(pepper, "phone", phone) for pepper in _peppers(tuple(settings.ENCRYPTION_KEYS))]


def code_keys(*, purpose: str, subject: str, phone: str, code: str) -> list[str]:
    """The keys of a code, bound to what it is for, who asked, and the number. As `phone_keys`."""
    peppers = _peppers(tuple(settings.ENCRYPTION_KEYS))
    return [_key(pepper, "code", purpose, subject, phone, code) for pepper in peppers]


def _key(pepper: bytes, *parts: str) -> str:
    # No part holds the separator: purposes and subjects are ours, the rest is digits.
    return hmac.new(pepper, "|".join(parts).encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _peppers(texts: tuple[str, ...]) -> list[bytes]:
    return [hashlib.scrypt(text.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32) for text in texts]
