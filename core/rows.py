"""A row that several may change at once, locked and read as it is then."""

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def lock_and_read(rows: QuerySet[M]) -> M | None:
    """The first of these rows, locked until the transaction ends, with the related rows that it has then.

    Two statements: PostgreSQL, once it has waited for a lock, compares the changed row with the joined rows
    that it found before, and a row whose foreign key has changed meanwhile would be lost
    (https://www.postgresql.org/docs/current/transaction-iso.html, Read Committed).
    """
    found = rows.select_related(None).select_for_update(of=("self",)).values_list("pk", flat=True).first()
    return rows.filter(pk=found).first() if found is not None else None
