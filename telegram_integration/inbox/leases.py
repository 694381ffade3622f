"""Who polls a bot: one process at a time, by a lock of a session of the database's.

The database decides and not Redis: without the database nothing that comes could be kept anyway, and a
process that dies gives its locks back with its connection.
"""

from collections.abc import Collection
from contextlib import suppress

import psycopg
from django.db import connection

# Any number: nobody else locks by it.
_CLASS = 0x7067
_TRY = "SELECT number FROM unnest(%s::bigint[]) AS number WHERE pg_try_advisory_lock(%s, hashint8(number))"
_LEAVE = "SELECT pg_advisory_unlock(%s, hashint8(number)) FROM unnest(%s::bigint[]) AS number"
_ITS_OWN = ("pool", "cursor_factory", "context", "prepare_threshold", "server_side_binding")


class PollingLeases:
    """The bots that this process polls. One thread uses it, with a connection outside of the pool."""

    def __init__(self) -> None:
        self._wire: psycopg.Connection | None = None
        self._held: set[int] = set()

    def hold(self, numbers: Collection[int]) -> set[int]:
        """Which of these bots (Telegram's numbers) are ours now, after asking for those that are not.

        None of them while the database is away: whatever was held is lost with the connection.
        """
        try:
            return self._hold(set(numbers))
        except psycopg.Error:
            self.close()
            return set()

    def close(self) -> None:
        """Give all back."""
        wire, self._wire, self._held = self._wire, None, set()
        if wire is not None:
            with suppress(psycopg.Error):
                wire.close()

    def _hold(self, wanted: set[int]) -> set[int]:
        wire = self._connected()
        if gone := self._held - wanted:
            wire.execute(_LEAVE, [_CLASS, list(gone)])
        self._held &= wanted
        # Asked even if nothing is new: only an answer says that the connection, and so the locks, are there.
        got = wire.execute(_TRY, [list(wanted - self._held), _CLASS]).fetchall()
        self._held |= {int(number) for (number,) in got}
        return set(self._held)

    def _connected(self) -> psycopg.Connection:
        if self._wire is None or self._wire.closed:
            self._held = set()
            given = connection.get_connection_params()
            parameters = {name: value for name, value in given.items() if name not in _ITS_OWN}
            hung = {"connect_timeout": 3, "tcp_user_timeout": 5000, "options": "-c statement_timeout=3000"}
            named = {"application_name": "nadmor-telegram", "autocommit": True}
            self._wire = psycopg.connect(**{**parameters, **hung, **named})
        return self._wire
