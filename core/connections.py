"""The connections that a process keeps to the database, after the database went away."""

import time
from threading import Lock
from typing import Any

import psycopg
from django.db import connection
from psycopg_pool import PoolTimeout

# What is lost at once is dropped once (seconds).
_AT_MOST_EVERY = 1.0
# Classes of SQLSTATE: connection exceptions, and the operator's shutting down (PostgreSQL, appendix A).
_LOST = ("08", "57P")

_lock = Lock()
_dropped_at = 0.0


def drop_lost_connections(error: Exception) -> None:
    """Where an error says that a connection was lost, let go of all that the pool keeps.

    They were lost with it: each of them would fail somebody's request. Those that are in use are let go when
    they come back. Any other error changes nothing, nor does a database that gives no connection at all.
    """
    global _dropped_at  # noqa: PLW0603  -- one for each process
    pool: Any = getattr(connection, "pool", None)
    if pool is None or not _was_lost(error):
        return
    with _lock:
        if time.monotonic() - _dropped_at < _AT_MOST_EVERY:
            return
        _dropped_at = time.monotonic()
    pool.drain()


def _was_lost(error: Exception) -> bool:
    """Whether Django's error stands for a connection that broke. A broken one often has no SQLSTATE."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) or isinstance(
        cause, PoolTimeout
    ):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(_LOST)
