"""The form of a key: ``nadmor_<public id>_<secret>_<checksum>``, all in base 62.

The prefix lets scanners find a leaked key; the checksum refuses a mistyped one without a query;
the secret carries 190 bits, so one SHA-256 is enough to store it (a slow hash would only help an attacker
who floods us).
"""

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass

PREFIX = "nadmor"
ALPHABET = string.digits + string.ascii_letters
PUBLIC_ID_LENGTH, SECRET_LENGTH, CHECKSUM_LENGTH = 10, 32, 6
_FORM = re.compile(
    rf"{PREFIX}_([0-9A-Za-z]{{{PUBLIC_ID_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})_([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})"
)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the only moment when it is known: the text to hand out and what is stored of it."""

    text: str
    public_id: str
    key_hash: str


def make_key() -> NewKey:
    """A fresh random key."""
    public_id = _random(PUBLIC_ID_LENGTH)
    body = f"{PREFIX}_{public_id}_{_random(SECRET_LENGTH)}"
    text = f"{body}_{_checksum(body)}"
    return NewKey(text=text, public_id=public_id, key_hash=hash_key(text))


def is_well_formed(text: str) -> bool:
    """Whether a text can be a key at all: its form and its checksum."""
    return bool(_FORM.fullmatch(text)) and _checksum(text.rpartition("_")[0]) == text.rpartition("_")[2]


def hash_key(text: str) -> str:
    """What is stored of a key: its SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _checksum(body: str) -> str:
    value, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        value, rest = divmod(value, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits
