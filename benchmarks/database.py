"""A database for one run."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """Make a database beside the given one and drop it afterwards; yield its URL."""
    # A process may want several at a time.
    name = f"bench_{os.getpid()}_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield url.rpartition("/")[0] + "/" + name
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
