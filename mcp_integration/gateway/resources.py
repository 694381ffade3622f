"""Reading the collections over plain HTTP: a page, one item, or many rows as NDJSON."""

import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from starlette.responses import Response, StreamingResponse

from core.errors import Busy
from credentials.callers import look_again
from mcp_integration.collections.figures import read_figures
from mcp_integration.collections.reading import Reading, open_reading
from mcp_integration.gateway.asked import Asked
from mcp_integration.gateway.endpoint import known_caller
from mcp_integration.gateway.faults import error_of, fault_of
from mcp_integration.gateway.replies import allowance_headers, as_json, tagged_reply
from mcp_integration.threads import run_in_thread

NDJSON = "application/x-ndjson"
# Rows of one answer, rows that are in memory at one time, and how long a reader may take for all (seconds).
MOST_ROWS, BATCH, LONGEST = 10_000, 200, 600


class TookTooLong(Busy):
    """Whoever reads took longer than `LONGEST` for the lines."""

    reason = "took_too_long"
    text = _("This took too long. Please narrow the filter.")


def read_many(asked: Asked) -> Response:
    """A page; or, to whoever accepts NDJSON, all rows that match, `MOST_ROWS` of them at most."""
    reading = _open(asked, is_list=True)
    if NDJSON in asked.headers.get("accept", ""):
        return _all_rows(reading)
    page = reading.page()
    for name in ("next", "previous"):
        page[name] = _address(asked, page[name])
    return tagged_reply(page, asked.headers, allowance=reading.allowance)


def read_one(asked: Asked) -> Response:
    """One item by its id."""
    reading = _open(asked, is_list=False)
    return tagged_reply(reading.item(asked.parts["key"]), asked.headers, allowance=reading.allowance)


def read_counted(asked: Asked) -> Response:
    """Figures: the dashboard, or a report."""
    caller = known_caller(asked)
    found, allowance = read_figures(caller, asked.parts["name"], asked.query, language=asked.language)
    return tagged_reply(found, asked.headers, allowance=allowance)


def _open(asked: Asked, *, is_list: bool) -> Reading:
    caller, name = known_caller(asked), asked.parts["name"]
    return open_reading(caller, name, asked.query, is_list=is_list, language=asked.language)


def _address(asked: Asked, page: int | None) -> str | None:
    """The address of another page of the same, without the host: whoever asked knows it."""
    return None if page is None else f"{asked.path}?{urlencode({**asked.query, 'page': page})}"


def _all_rows(reading: Reading) -> Response:
    keys, count = reading.keys(MOST_ROWS)
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Total-Count": str(count),
        **allowance_headers(reading.allowance),
    }
    return StreamingResponse(_lines(reading, keys), headers=headers, media_type=NDJSON)


async def _lines(reading: Reading, keys: list[Any]) -> AsyncIterator[str]:
    """A line for each row; where the rest cannot be read, a last line with an ``error``."""
    begun = time.monotonic()
    for first in range(0, len(keys), BATCH):
        left = LONGEST - (time.monotonic() - begun)
        lines, is_over = await run_in_thread(_batch, reading, keys[first : first + BATCH], left)
        yield lines
        if is_over:
            return


def _batch(reading: Reading, keys: list[Any], seconds_left: float) -> tuple[str, bool]:
    """The lines of some rows, and whether they are the last ones, because something went wrong."""
    try:
        rows = _rows(reading, keys, seconds_left)
    except Exception as error:  # noqa: BLE001  -- the head of the answer is gone: its last line tells
        with translation.override(reading.language):
            return f"{as_json({'error': error_of(fault_of(error))})}\n", True
    return "".join(f"{as_json(row)}\n" for row in rows), False


def _rows(reading: Reading, keys: list[Any], seconds_left: float) -> list[dict[str, Any]]:
    if seconds_left < 0:
        raise TookTooLong
    # The answer may last: whoever was shut out in between gets no more of it.
    look_again(reading.credential)
    return reading.batch(keys)
