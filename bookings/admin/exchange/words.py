"""How refused lines are said: the column as the file's headings call it, and why in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from bookings.actions.batch_kinds import read_payload
from bookings.actions.import_lines import RepeatedLine
from bookings.actions.imports import COLUMNS
from bookings.admin.batch_words import say_reason
from bookings.models.batch import Batch, BatchItem, BatchKind


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with a line: where, what stands there, and why that cannot be."""

    column: str
    written: str
    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is not imported, with its texts by field."""

    number: int
    values: dict[str, str]
    wrongs: list[Wrong]

    @property
    def why(self) -> str:
        """All that is wrong with it in one text."""
        return "; ".join(
            f"{wrong.column}: {wrong.why}" if wrong.column else wrong.why for wrong in self.wrongs
        )


def refused_of(batch: Batch, item: BatchItem) -> Refused:
    """A refused line in words."""
    payload = read_payload(item)
    values: dict[str, str] = payload.get("values", {})
    titles = {column.name: str(column.title) for column in COLUMNS[BatchKind(batch.kind)]}
    wrongs = list(_wrongs(item, values, titles, payload.get("repeats")))
    return Refused(item.number, values, wrongs)


def _wrongs(
    item: BatchItem, values: dict[str, str], titles: dict[str, str], repeats: int | None
) -> Iterator[Wrong]:
    if item.reason == RepeatedLine.reason:
        yield Wrong("", "", gettext("Line %(line)s is about the same one.") % {"line": repeats})
    elif item.fields:
        for name, texts in item.fields.items():
            why = " ".join(gettext(text) for text in texts)
            yield Wrong(titles.get(name, ""), values.get(name, ""), why)
    else:
        yield Wrong("", "", say_reason(item.reason))
