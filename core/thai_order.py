"""Names in the order of a Thai dictionary, without help of the database's own collations.

The vowels เ แ โ ใ ไ are written before the consonant that they follow in speech and in order; tone marks
decide only between words that are otherwise the same. (Royal Institute Dictionary; Unicode Technical Standard
10 calls the first "logical order exceptions".) What is left is the order of the code points. PostgreSQL
orders like that by ICU's `th-x-icu`, which not every build has.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import F, Func, Value
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Coalesce, Collate, Lower, NullIf
from django.utils.translation import get_language

# Any character may follow: what is misspelt is in some order too.
_BEFORE_ITS_CONSONANT, _BEHIND_IT = "([เแโใไ])(.)", r"\2\1"
# Tone marks and their kind, and the signs of repetition and abbreviation.
_SMALL = "็่้๊๋์ํ๎ฯๆ"
# Below every character that a name holds, so that the shorter of two names comes first.
_BETWEEN = "\x01"
_WITHOUT_SMALL = str.maketrans("", "", _SMALL)


def thai_key(text: str) -> str:
    """What a text is sorted by; the same as `in_thai_order` says in the database."""
    spoken = re.sub(_BEFORE_ITS_CONSONANT, _BEHIND_IT, text.lower())
    return spoken.translate(_WITHOUT_SMALL) + _BETWEEN + spoken


def in_thai_order(name: str | Combinable) -> Collate:
    """What rows are sorted by, or an index is made of: a name's key, compared byte by byte.

    Indexes and migrations hold it as it is: another order would need another index.
    """
    spoken = Func(
        Lower(name), Value(_BEFORE_ITS_CONSONANT), Value(_BEHIND_IT), Value("g"), function="regexp_replace"
    )
    letters = Func(spoken, Value(_SMALL), Value(""), function="translate")
    return Collate(_joined(letters, Value(_BETWEEN), spoken), "C")


class ReadersOrder(Expression):
    """What rows with a Thai and an English name are sorted by: the name in the language of whoever reads."""

    def __init__(self, thai: str = "name_th", english: str = "name_en") -> None:
        super().__init__()
        self._names: list[Any] = [F(thai), F(english)]

    def get_source_expressions(self) -> list[Any]:
        """Both names, in the order of the constructor."""
        return self._names

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """Both names, as a join sees them."""
        self._names = list(exprs)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """The key of the one that is shown: see `bookings.models.naming.in_language`."""
        thai, english = self._names
        is_thai = (get_language() or "th").startswith("th")
        first, otherwise = (thai, english) if is_thai else (english, thai)
        shown = Coalesce(NullIf(first, Value("")), otherwise)
        return in_thai_order(shown).resolve_expression(*args, **kwargs)


def _joined(*parts: Expression) -> Expression:
    """Parts joined by ``||``: the function CONCAT depends on settings, so that no index is made of it."""
    joined = parts[0]
    for part in parts[1:]:
        joined = Func(joined, part, template="(%(expressions)s)", arg_joiner=" || ")
    return joined
