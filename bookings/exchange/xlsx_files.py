"""XLSX: read row by row, after a look at what it would grow to (a zip bomb is small until it is opened)."""

import io
import logging
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from bookings.exchange.errors import FileRefused, TooManyRows

MAGIC = b"PK\x03\x04"
# Bytes that all parts of a file may unpack to, and how many parts there may be. Python's zipfile unpacks no
# more of a part than the file's directory says.
MOST_UNPACKED, MOST_PARTS = 40 * 1024 * 1024, 200

logger = logging.getLogger(__name__)


def rows_of(content: bytes, *, most_rows: int, most_columns: int) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Each row of the first sheet with its number: values alone, formulas as what they last came to.

    Raises `FileRefused`, `TooManyRows`.
    """
    _check_size(content)
    try:
        book = _open(content)
        try:
            yield from _rows(book.worksheets[0], most_rows=most_rows, most_columns=most_columns)
        finally:
            book.close()
    except FileRefused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it raise
        # The class alone: a message may quote a cell.
        logger.info("an XLSX file could not be read: %s", type(error).__name__)
        raise FileRefused from error


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise FileRefused from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileRefused


def _open(content: bytes) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415  -- a tenth of a second that no other process has to wait

    with warnings.catch_warnings():
        # It warns of what it leaves out (styles, pictures, checks of cells): nothing that is read here.
        warnings.simplefilter("ignore", UserWarning)
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)


def _rows(sheet: Any, *, most_rows: int, most_columns: int) -> Iterator[tuple[int, tuple[object, ...]]]:
    # What a sheet says of its own size is often wrong, and may be a million rows.
    sheet.reset_dimensions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        # Room for empty rows above and between; who has more than twice the most is told.
        for number, row in enumerate(sheet.iter_rows(max_row=2 * most_rows + 1, values_only=True), start=1):
            if number > 2 * most_rows or len(row) > most_columns:
                if any(cell is not None for cell in row):
                    raise TooManyRows
                if number > 2 * most_rows:
                    return
            yield number, row[:most_columns]
