"""Everything that hospitals store, so that a test can say: nothing of it changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tenants.context import outside
from tenants.directory import forget_hospitals
from tenants.models import Hospital

_TABLES = """
SELECT format('%%I.%%I', table_schema, table_name) FROM information_schema.tables
WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE' ORDER BY 1
"""
_ONE = "SELECT '{0}', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {0} t"


def everything_stored(*subdomains: str) -> dict[str, tuple[int, str]]:
    """Each table of those hospitals: how many rows, and a digest of all that stands in them."""
    with outside(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(schema_name) FROM tenants_hospital WHERE subdomain = ANY(%s)",
            [list(subdomains)],
        )
        cursor.execute(_TABLES, [cursor.fetchone()[0]])
        tables = [table for (table,) in cursor.fetchall()]
        assert len(tables) > 10 * len(subdomains)
        cursor.execute(" UNION ALL ".join(_ONE.format(table) for table in tables))
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}


@contextmanager
def nothing_stored(*subdomains: str) -> Iterator[None]:
    """The block must leave every row of these hospitals (both, unless told which) as it was."""
    names = subdomains or ("ploy", "rama")
    before = everything_stored(*names)
    yield
    after = everything_stored(*names)
    assert {t: after[t] for t in after if after[t] != before[t]} == {}


def alter(hospital: Hospital, **fields: object) -> None:
    """Change a hospital's own row; this process forgets what it knew of it, as the admin makes it do."""
    Hospital.objects.filter(pk=hospital.pk).update(**fields)
    forget_hospitals()


def how_many(table: str, subdomain: str = "ploy") -> int:
    """How many rows a table of a hospital has."""
    found = everything_stored(subdomain)
    return next(count for name, (count, _) in found.items() if name.endswith(f".{table}"))
