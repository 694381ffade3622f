"""Which faults mean that a connection was lost, and with it those that the pool keeps."""

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout

from core.connections import _was_lost


def raised(kind, cause):
    error = kind("told by the driver")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.OperationalError("the server closed the connection"),
        psycopg.errors.AdminShutdown(),
        psycopg.errors.CrashShutdown(),
        psycopg.errors.ConnectionFailure(),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_a_broken_connection_was_lost(cause):
    assert _was_lost(raised(OperationalError, cause))
    assert _was_lost(raised(InterfaceError, cause))


@pytest.mark.parametrize(
    "cause",
    [
        None,
        PoolTimeout("nobody came back"),
        psycopg.errors.LockNotAvailable(),
        psycopg.errors.QueryCanceled(),
        psycopg.errors.DeadlockDetected(),
        psycopg.errors.UniqueViolation(),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_whatever_else_goes_wrong_loses_no_connection(cause):
    assert not _was_lost(raised(OperationalError, cause))
