"""Django's backend, but that it looks at what comes out of the pool; `ORIGINAL_BACKEND` names it."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that the server ended while it lay in the pool is replaced and fails nobody's request.

    A restart ends them all, and the pool finds that out by nothing but use. Its own `check` would ask the
    server each time, and waits 1, 2 and 4 seconds between the dead ones that it finds.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """A connection out of the pool, as Django asks for it; raises what Django's own raises."""
        connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        # It comes to an end: in the place of each lost one the pool makes a new one.
        while self.pool is not None and _has_ended(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def _has_ended(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server has ended an idle connection. Asks nobody: what the server said last lies unread.

    Nothing else lies there but news of a changed setting (PostgreSQL's documentation, "Message Flow",
    "Asynchronous Operations"); to part with such a connection costs a new one.
    """
    if connection.pgconn.status != ConnStatus.OK:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
