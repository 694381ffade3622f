"""A hospital outside of any transaction, its streams served by a real server, and those who listen."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.tokens import open_sign_in
from core.actor import Actor
from events.outbox import record
from tenants.context import inside
from tenants.models import Hospital
from tests.conftest import make_api_key
from tests.support.people import People, make_people
from tests.support.streaming import Reader, Served, served

SYSTEM = Actor.system("tests")
ALL_SCOPES = ("read:bookings", "read:patients", "read:records")


@pytest.fixture(autouse=True)
def lively(settings) -> None:
    """Signs of life every second, so that a client that leaves is gone soon."""
    settings.MCP_SSE_HEARTBEAT_INTERVAL = 1


@pytest.fixture
def server(fresh_hospital) -> Iterator[Served]:
    """The streams, served by this process."""
    with served() as running:
        yield running


@pytest.fixture
def fresh_people(fresh_hospital) -> People:
    """Who is who in the fresh hospital."""
    return make_people("fresh")


@pytest.fixture
def key(fresh_hospital) -> str:
    """A key of the fresh hospital that may see bookings, patients and records."""
    return make_api_key(fresh_hospital, *ALL_SCOPES)


@pytest.fixture
def reader(server, key) -> Reader:
    """A client with that key."""
    return Reader(server.url, {"X-API-Key": key})


@pytest.fixture
def reader_as(server, fresh_hospital, fresh_people) -> Callable[[str], Reader]:
    """A client as the person of a role, by access token."""
    return lambda role: Reader(
        server.url, {"Authorization": f"Bearer {token_of(fresh_hospital, fresh_people.by_role(role))}"}
    )


def token_of(hospital: Hospital, user) -> str:
    """A fresh access token of a fresh sign-in."""
    with inside(hospital):
        return open_sign_in(user).access_token


def happen(kind="booking.status_changed", subject="appointment", subject_id=None, **told):
    """Write one event in a transaction of its own, in the hospital at hand."""
    with transaction.atomic():
        return record(SYSTEM, kind, subject_type=subject, subject_id=subject_id or uuid4(), **told)


def numbered(count: int, *, first: int = 0) -> None:
    """Write so many events, each of an appointment with its number."""
    for number in range(first, first + count):
        happen(data={"reference": f"N{number}"})


def numbers(heard) -> list[int]:
    """The numbers that were heard of, in order."""
    return [
        int(said.data["data"]["reference"][1:])
        for said in heard
        if said.event == "resource_update" and "reference" in said.data["data"]
    ]
