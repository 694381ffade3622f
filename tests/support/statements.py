"""Counting what a verb costs the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of the block, without those that only enter a schema; complete when the block ends."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as context:
        yield statements
    statements += [query["sql"] for query in context if not query["sql"].startswith("SET search_path")]
