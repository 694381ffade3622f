"""The text of recovery codes: made, read as people type them, and hashed."""

import hashlib
import re
import secrets
from uuid import UUID

# As many are made at once.
NUMBER = 10
# Crockford's base 32: no I, L, O and U, so that a printed code is read in one way. 16 of them are 80 bits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _GROUP = 16, 4
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_FORM = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")


def make_codes() -> list[str]:
    """Fresh codes such as ``7KQ2-M4XN-0RTV-B3HP``; they are told once and kept nowhere."""
    return [_grouped("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))) for _ in range(NUMBER)]


def read_code(text: str) -> str | None:
    """A code as it was made, without its hyphens, out of what somebody typed; None for what is none."""
    plain = re.sub(r"[\s-]", "", text).upper().translate(_MEANT)
    return plain if _FORM.fullmatch(plain) else None


def hash_of(code: str, user_id: UUID) -> str:
    """What is kept of a code (as `read_code` gives it): it opens nothing, and for nobody else.

    One SHA-256 is enough: 80 random bits are not found by trying, as passwords are, so that a slow hash
    would only slow down those who type a code.
    """
    return hashlib.sha256(f"{user_id}:{code}".encode()).hexdigest()


def _grouped(plain: str) -> str:
    return "-".join(plain[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))
