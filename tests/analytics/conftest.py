"""A hospital that is full of made-up visits, and the analyst who counts them."""

from collections.abc import Callable

import pytest

from accounts.permissions import Role
from core.actor import Actor
from tenants.context import inside
from tests.analytics.generated import World, make_world

ANALYST = Actor.system("tests", "analytics.read")


@pytest.fixture
def analyst() -> Actor:
    """Who may see every figure."""
    return ANALYST


@pytest.fixture
def world_in(hospital) -> Callable[..., World]:
    """Fill Ploy, on the clocks of a zone, with visits of some days; the test goes on inside of it."""
    entered = []

    def make(zone: str, first, last, **asked) -> World:
        hospital.timezone = zone
        hospital.save()
        here = inside(hospital)
        here.__enter__()
        entered.append(here)
        return make_world(zone, first, last, **asked)

    yield make
    for here in entered:
        here.__exit__(None, None, None)


@pytest.fixture
def as_role(in_hospital, people) -> Callable[[Role], Actor]:
    """The person of a role as an actor."""
    return people.actor
