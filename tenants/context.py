"""Entering a hospital: the one way in for every door but the web, whose middleware uses it too."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django_tenants.utils import get_public_schema_name

from tenants.models import Hospital


@contextmanager
def inside(hospital: Hospital) -> Iterator[None]:
    """Everything in the block reads and writes in that hospital's schema.

    The schema belongs to this thread's connection: never hold the block open across an ``await``.
    """
    before = connection.tenant
    if connection.schema_name == hospital.schema_name and before is not None:
        yield
        return
    connection.set_tenant(hospital)
    try:
        yield
    finally:
        connection.set_tenant(before)


@contextmanager
def outside() -> Iterator[None]:
    """Everything in the block reads and writes in the public schema alone."""
    before = connection.tenant
    connection.set_schema_to_public()
    try:
        yield
    finally:
        connection.set_tenant(before)


def current_hospital() -> Hospital:
    """The hospital that this thread is inside of.

    Raises `LookupError` outside of any: code that needs a hospital must never guess one.
    """
    hospital = connection.tenant
    if not isinstance(hospital, Hospital):
        raise LookupError(f"Not inside a hospital (schema {connection.schema_name}).")
    return hospital


def in_public_schema() -> bool:
    """Whether this thread is in the public schema, outside of every hospital."""
    return bool(connection.schema_name == get_public_schema_name())
