"""Reading a file that somebody chose: small enough, a table, with headings that are known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bookings.exchange import csv_files, xlsx_files
from bookings.exchange.cells import as_text
from bookings.exchange.columns import Column, understand
from bookings.exchange.errors import FileEmpty, FileTooLarge, TooManyRows

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100

# The number of a row in its file, from 1, and what stands in it.
Numbered = tuple[int, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its number in the file, and the text of each known field that is not empty."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read: the rows, and the titles of columns that were passed over."""

    lines: list[Line]
    unknown: list[str]


def read_table(content: bytes, columns: Sequence[Column]) -> Table:
    """The rows of a CSV or XLSX file below its first row that is not empty, which holds the headings.

    Raises `FileRefused` in one of its kinds.
    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    rows = _full_rows(_rows(content, columns))
    try:
        _number, titles = next(rows)
    except StopIteration:
        raise FileEmpty from None
    headings = understand(titles, columns)
    lines = [
        Line(number, values)
        for number, cells in _at_most(MOST_ROWS, rows)
        if (values := _values(cells, headings.places))
    ]
    if not lines:
        raise FileEmpty
    return Table(lines, headings.unknown)


def _rows(content: bytes, columns: Sequence[Column]) -> Iterable[Numbered]:
    if content.startswith(xlsx_files.MAGIC):
        return xlsx_files.rows_of(content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
    return csv_files.rows_of(content, columns)


def _full_rows(rows: Iterable[Numbered]) -> Iterator[tuple[int, list[str]]]:
    """The rows in which something stands, as texts."""
    for number, cells in rows:
        if len(cells) > MOST_COLUMNS:
            raise TooManyRows
        texts = [as_text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _at_most(most: int, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for count, row in enumerate(rows, start=1):
        if count > most:
            raise TooManyRows
        yield row


def _values(cells: Sequence[str], places: dict[int, str]) -> dict[str, str]:
    return {name: cells[place] for place, name in places.items() if place < len(cells) and cells[place]}
