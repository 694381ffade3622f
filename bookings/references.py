"""References: short codes that patients read aloud, such as ``K7QM-4TXR``.

No vowels (no words by accident) and none of 0 O 1 I L 2 Z 5 S 8 B U V, which look or sound alike.
Eight characters out of 21 make 37 thousand million codes, drawn at random: nobody can guess the next.
"""

import re
import secrets

ALPHABET = "CDFGHJKMNPQRTWXY34679"
LENGTH = 8
PATTERN = r"[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}"


def new_reference() -> str:
    """A fresh random reference."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def canonical(text: str) -> str:
    """The stored form of a reference as a person may write it: any case, with or without the hyphen."""
    letters = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    return f"{letters[:4]}-{letters[4:]}"
