"""Rows written past every rule, to ask the database itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import HealthcareService, Practitioner
from bookings.references import new_reference

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
_RENEWED = "version = hashtextextended(gen_random_uuid()::text, 0)"


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def insert(table: str, **columns: Any) -> None:
    """Insert one row by plain SQL."""
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join("%s" for _ in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(columns.values()))


def insert_appointment(service: HealthcareService, practitioner: Practitioner, **columns: Any) -> UUID:
    """Insert a half-hour visit at ten (or at `start`) by plain SQL and return its id."""
    start = columns.pop("start", TEN)
    end = columns.pop("end", start + minutes(30))
    row = {
        "id": uuid4(), "reference": new_reference(), "service_id": service.pk,
        "practitioner_id": practitioner.pk, "patient_id": None, "start": start, "end": end,
        "occupied": DateTimeTZRange(min(start, end), max(start, end)), "seat": 1, "status": "SCHEDULED",
        "hold_expires_at": None, "guest_name": "Malee", "guest_email": "", "guest_phone": "", "notes": "",
        "source": "api", "cancel_reason": "", "created_at": TEN, "updated_at": TEN,
    }  # fmt: skip
    row |= columns
    insert("bookings_appointment", **row)
    return row["id"]


def empty(schema: str) -> None:
    """Remove every row of a hospital's schema, but those that its migrations left there."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Row by row: giving each table and index a new file would take a tenth of a second for each test.
        # History resists being emptied by a trigger, and rows point at one another.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _tables_with_rows(schema):
            cursor.execute(f"DELETE FROM {schema}.{table}")
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE schemaname = %s AND last_value IS NOT NULL",
            [schema],
        )
        # What the triggers of the tables of rules would have done.
        cursor.execute(f"UPDATE {schema}.bookings_rulesversion SET {_RENEWED}")
        cursor.execute("DELETE FROM public.jobs_job WHERE schema_name = %s", [schema])


def _tables_with_rows(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        tables = {name for (name,) in cursor.fetchall()} - {"django_migrations", "bookings_rulesversion"}
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM {schema}.{name})" for name in tables
            )
        )
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """The block must be refused by the database constraint of that name."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == constraint
