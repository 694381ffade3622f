"""CSV as programs write it: in UTF-8, UTF-16 or Thai Windows, with commas, semicolons or tabs."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from bookings.exchange.columns import Column, known_in
from bookings.exchange.errors import FileRefused

DELIMITERS = (",", ";", "\t")

# Excel's "Unicode text" is UTF-16 with tabs.
_BY_MARK = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Thai Excel writes "CSV" in Windows-874, of which TIS-620 is a part. Hardly any Thai text of that is UTF-8.
_WITHOUT_MARK = ("utf-8", "cp874")


def rows_of(content: bytes, columns: Sequence[Column]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line that it begins in. Raises `FileRefused`."""
    text = decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text, columns))
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused from error


def decode(content: bytes) -> str:
    """The text of a file in one of the encodings that are known. Raises `FileRefused`."""
    marked = [encoding for mark, encoding in _BY_MARK if content.startswith(mark)]
    for encoding in marked or _WITHOUT_MARK:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # No table holds this: it is a picture, or a program.
        if "\x00" not in text:
            return text
    raise FileRefused


def _delimiter_of(text: str, columns: Sequence[Column]) -> str:
    """What separates the cells: whatever makes the most titles of the first full line known."""
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")

    def known(delimiter: str) -> int:
        try:
            return known_in(next(csv.reader([first], delimiter=delimiter), []), columns)
        except csv.Error:
            return 0

    # `max` takes the first of equals: a comma.
    return max(DELIMITERS, key=known)
