"""Statements that count in several spans at once."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from analytics.spans import Span

# Spans as rows, numbered from 0; `span_rows` gives the parameters.
SPANS = "unnest(%(numbers)s::int[], %(begins)s::timestamptz[], %(untils)s::timestamptz[]) s(n, begin, until)"
# A hold is no appointment yet.
VISITS = f"""{SPANS}
JOIN bookings_appointment a ON a.start >= s.begin AND a.start < s.until AND a.status <> 'HELD'"""

Row = tuple[Any, ...]


def span_rows(spans: Sequence[Span], zone: str) -> dict[str, Any]:
    """The parameters of a statement that counts in several spans of a zone's days."""
    edges = [span.moments(zone) for span in spans]
    return {
        "numbers": list(range(len(spans))),
        "begins": [begin for begin, _ in edges],
        "untils": [until for _, until in edges],
    }


def rows(sql: str, asked: dict[str, Any]) -> list[Row]:
    """What a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found: list[Row] = cursor.fetchall()
    return found
