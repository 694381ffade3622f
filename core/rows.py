"""A row that several may change at once, locked and read as it is then."""

from typing import TypeVar

from django.db.models import ForeignKey, Model, QuerySet

M = TypeVar("M", bound=Model)


def lock_and_read(rows: QuerySet[M]) -> M | None:
    """The first of these rows, locked until the transaction ends, with the related rows that it has then.

    PostgreSQL, once it has waited for a lock, holds the changed row against the joined rows that it found
    before (https://www.postgresql.org/docs/current/transaction-iso.html, Read Committed): a row whose
    foreign key has changed meanwhile seems to be gone, or without what it refers to. It is read again then.
    """
    row = rows.select_for_update(of=("self",)).first()
    if row is not None:
        return rows.filter(pk=row.pk).first() if _has_lost_a_relation(row) else row
    found = rows.select_related(None).select_for_update(of=("self",)).values_list("pk", flat=True).first()
    return rows.filter(pk=found).first() if found is not None else None


def _has_lost_a_relation(row: Model) -> bool:
    fields = row._meta.concrete_fields  # noqa: SLF001  -- Django's documented API
    known = [field for field in fields if isinstance(field, ForeignKey) and field.is_cached(row)]
    return any(
        getattr(row, field.attname) is not None and getattr(row, field.name) is None for field in known
    )
