"""Long lists, searched and a page at a time; a page begins at a moment and id, not at a number of rows."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

Row = TypeVar("Row")
Place = tuple[datetime, str]

USUAL, LARGEST = 20, 100


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some of the rows that match, how many match in all, and where to go on (None at the end)."""

    rows: list[Row]
    count: int
    next_after: Place | None


def with_words(found: QuerySet[Any], text: str, *fields: str) -> QuerySet[Any]:
    """The rows that hold each word of a text in one of the fields, in any case; all of them for no text."""
    for word in text.split():
        found = found.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)))
    return found


def page_of(
    found: QuerySet[Any],
    *,
    by: str = "-created_at",
    key: str = "id",
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[Any]:
    """One page of rows with a moment `by` (with a hyphen: latest first) and a UUID `key` for equal ones.

    `after` is the `next_after` of the page before; at most `LARGEST` rows come. Two statements.
    """
    name, latest_first = by.removeprefix("-"), by.startswith("-")
    rest = found.order_by(by, f"-{key}" if latest_first else key)
    if after is not None:
        beyond = "lt" if latest_first else "gt"
        moment, row = after
        rest = rest.filter(Q(**{f"{name}__{beyond}": moment}) | Q(**{name: moment, f"{key}__{beyond}": row}))
    limit = min(max(limit, 1), LARGEST)
    rows = list(rest[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    next_after = (getattr(last, name), str(getattr(last, key))) if last is not None else None
    return Page(rows[:limit], found.order_by().count(), next_after)
