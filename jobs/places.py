"""A number of places that all processes share: slow work must never take every worker."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection


@contextmanager
def place(name: str, *, places: int) -> Iterator[bool]:
    """Whether one of so many places of that name was free; it is ours inside the block.

    The place belongs to the database's session: whoever dies gives it back with the connection.
    """
    number = next((n for n in range(places) if _ask("pg_try_advisory_lock", name, n)), None)
    try:
        yield number is not None
    finally:
        if number is not None:
            # A connection that broke has given the place back; what broke it is told by somebody else.
            with suppress(OperationalError, InterfaceError):
                _ask("pg_advisory_unlock", name, number)


def _ask(function: str, name: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s), %s)", [f"nadmor:{name}", number])
        return bool(cursor.fetchone()[0])
