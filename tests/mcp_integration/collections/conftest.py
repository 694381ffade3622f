"""Hospitals with something in every collection."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from core.actor import Actor
from credentials.callers import Credential
from records.models.keyring import forget_keys
from subscriptions.models import Plan
from tenants.context import inside
from tests.mcp_integration.collections.filling import fill
from tests.mcp_integration.conftest import credential_with_scopes

EVERY_SCOPE = (
    "read:bookings", "write:bookings", "read:patients", "read:records", "admin:hospital",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_keys_kept() -> Iterator[None]:
    """Keys that a process keeps must not outlive the test's transaction."""
    forget_keys()
    yield
    forget_keys()


@pytest.fixture
def program() -> Actor:
    """A program that may write whatever is read here."""
    return Actor.system("tests", "records.read", "records.write", "treatments.read", "treatments.write")


@pytest.fixture
def plans(db) -> list[Plan]:
    """Three plans."""
    return [
        Plan.objects.create(
            code=f"plan-{number}", name_th=f"แผน {number}", name_en=f"Plan {number}",
            plan_type=("BASIC", "PROFESSIONAL", "ENTERPRISE")[number],
            price_monthly=100 * number, price_quarterly=270 * number, price_annual=1000 * number,
        )
        for number in range(3)
    ]  # fmt: skip


@pytest.fixture
def filled(in_hospital, people, check_up, program, plans) -> dict[str, Any]:
    """Ploy with three of everything; ids by collection."""
    return {**fill(program, people, check_up, count=3, mark="ours"), "subscription_plans": str(plans[0].pk)}


@pytest.fixture
def canaries(other_hospital, other_people, program) -> dict[str, Any]:
    """Rama with one of everything that says CANARY; ids by collection."""
    with inside(other_hospital):
        service = other_people.dr_bob.services.get()
        return fill(program, other_people, service, count=1, mark="CANARY", day=date(2027, 2, 1))


@pytest.fixture
def key(hospital) -> Credential:
    """A program of Ploy that may read everything."""
    return credential_with_scopes(hospital, *EVERY_SCOPE)


@pytest.fixture
def key_with(hospital) -> Callable[..., Credential]:
    """A program of Ploy with some scopes."""
    return lambda *scopes: credential_with_scopes(hospital, *scopes)
