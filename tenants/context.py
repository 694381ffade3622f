"""Entering a hospital: the one way in for every door but the web, whose middleware uses it too.

The schema belongs to a thread's connection: never hold a hospital entered across an ``await``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection as _connection
from django_tenants.utils import get_public_schema_name

from tenants.models import Hospital

# django-tenants adds the schema to Django's connection, which Django's types do not know.
_tenant_connection: Any = _connection


@contextmanager
def inside(hospital: Hospital) -> Iterator[None]:
    """Everything in the block reads and writes in that hospital's schema."""
    before = _tenant_connection.tenant
    if current_schema() == hospital.schema_name and isinstance(before, Hospital):
        yield
        return
    enter_hospital(hospital)
    try:
        yield
    finally:
        _tenant_connection.set_tenant(before)


@contextmanager
def outside() -> Iterator[None]:
    """Everything in the block reads and writes in the public schema alone."""
    before = _tenant_connection.tenant
    leave_hospital()
    try:
        yield
    finally:
        _tenant_connection.set_tenant(before)


def enter_hospital(hospital: Hospital) -> None:
    """Stay in a hospital's schema until told otherwise; prefer `inside`, which finds its way back."""
    _tenant_connection.set_tenant(hospital)


def leave_hospital() -> None:
    """Go back to the public schema."""
    _tenant_connection.set_schema_to_public()


def current_schema() -> str:
    """The schema that this thread is in."""
    return str(_tenant_connection.schema_name)


def current_hospital() -> Hospital:
    """The hospital that this thread is inside of.

    Raises `LookupError` outside of any: code that needs a hospital must never guess one.
    """
    hospital = _tenant_connection.tenant
    if not isinstance(hospital, Hospital):
        raise LookupError(f"Not inside a hospital (schema {current_schema()}).")  # noqa: TRY004  -- not a type
    return hospital


def in_public_schema() -> bool:
    """Whether this thread is in the public schema, outside of every hospital."""
    return current_schema() == str(get_public_schema_name())
