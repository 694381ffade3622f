"""Cells: whatever a file holds as a text, and texts as what they mean."""

import re
import unicodedata
from datetime import date, datetime

from tenants.admin_sites.dates import read_date

# A cell is cut here: no field is as long, so that a longer one is refused by its field.
LONGEST_CELL = 500

# What our own files put before a text that a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")
_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "ใช่", "ได้", "เปิด", "จริง"})
_NO = frozenset({"no", "n", "false", "0", "-", "ไม่", "ไม่ใช่", "ไม่ได้", "ปิด", "เท็จ"})


def as_text(value: object) -> str:
    """A cell as a text: a whole number without its point, a date as ``YYYY-MM-DD``, no control characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    plain = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in str(value))
    return _GUARDED.sub("", plain.strip(), count=1)[:LONGEST_CELL]


def as_day(text: str) -> date | None:
    """A date in either calendar, None for nothing. Raises `ValueError`."""
    # Thai digits are digits; a time that a database wrote behind a date is midnight.
    plain = "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in text)
    return read_date(re.sub(r"[ T]0{1,2}:00(:00(\.0+)?)?$", "", plain.strip())) if plain.strip() else None


def as_answer(text: str) -> bool | None:
    """Yes or no, None for nothing. Raises `ValueError`."""
    word = text.strip().casefold()
    if not word:
        return None
    if word not in _YES | _NO:
        raise ValueError(text)
    return word in _YES
