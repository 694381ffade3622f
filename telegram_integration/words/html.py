"""Texts in Telegram's HTML; what people wrote is escaped here alone.

Source: core.telegram.org/bots/api#html-style.
"""

import re
from html import escape

# Marks that turn the direction of writing: one of them in a name would turn the rest of our sentence.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# So much of a text shows on a button; the rest would be cut by the app anyway.
_LONGEST_LABEL = 40


def esc(text: object) -> str:
    """A text as it may stand in a card."""
    return escape(_TURNING.sub("", str(text)), quote=False)


def bold(text: object) -> str:
    """A text in bold."""
    return f"<b>{esc(text)}</b>"


def label(text: object, *, longest: int = _LONGEST_LABEL) -> str:
    """A text as it may stand on a button, which knows no HTML."""
    line = " ".join(_TURNING.sub("", str(text)).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def paragraphs(*texts: str) -> str:
    """Those of the texts that say something, with an empty line between them."""
    return "\n\n".join(text for text in texts if text)


def lines(*texts: str) -> str:
    """Those of the texts that say something, one under another."""
    return "\n".join(text for text in texts if text)
