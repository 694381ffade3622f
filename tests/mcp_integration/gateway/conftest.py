"""A hospital outside of any transaction, with people and something to book, behind the gateway."""

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette

from accounts.tokens import open_sign_in
from apikeys.models import ApiKey
from bookings.models import HealthcareService
from mcp_integration.gateway.routes import routes
from tenants.context import inside
from tenants.models import Hospital
from tests.conftest import make_api_key, make_limited_key
from tests.mcp_integration.gateway.asking import BOOKING
from tests.mcp_integration.gateway.serving import Gateway, serving
from tests.support.catalogue import give_hours, make_service
from tests.support.people import People, make_people


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """Where the gateway listens."""
    with serving(Starlette(routes=routes())) as port:
        yield port


@pytest.fixture
def staff(fresh_hospital: Hospital) -> People:
    """Who is who in the fresh hospital."""
    people = make_people("fresh")
    give_hours(people.dr_bob)
    return people


@pytest.fixture
def visit(staff: People) -> HealthcareService:
    """What can be booked with Dr Bob: 30 minutes, every 30 minutes."""
    return make_service(staff.dr_bob, slug="check-up")


@pytest.fixture
def by_key(port: int, fresh_hospital: Hospital) -> Callable[..., Gateway]:
    """The gateway as a program with an unlimited key of the fresh hospital asks it: by scope."""
    return lambda *scopes: Gateway(port, make_api_key(fresh_hospital, *scopes))


@pytest.fixture
def by_limited_key(port: int, fresh_hospital: Hospital) -> Callable[..., Gateway]:
    """The same with a key that has limits."""
    return lambda *scopes: Gateway(port, make_limited_key(fresh_hospital, *scopes))


@pytest.fixture
def by_platform(port: int, fresh_hospital: Hospital) -> Iterator[Callable[..., Gateway]]:
    """The gateway as a program with a key of the platform asks it: by scope."""
    made = set(ApiKey.objects.values_list("pk", flat=True))
    yield lambda *scopes: Gateway(port, make_api_key(None, *(scopes or ("admin:platform",))))
    ApiKey.objects.exclude(pk__in=made).delete()


@pytest.fixture
def by_role(port: int, fresh_hospital: Hospital, staff: People) -> Callable[[str], Gateway]:
    """The gateway as a person of a role who has signed in asks it."""

    def gateway(role: str) -> Gateway:
        with inside(fresh_hospital):
            token = open_sign_in(staff.by_role(role)).access_token
        client = Gateway(port)
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    return gateway


@pytest.fixture
def key(fresh_hospital: Hospital) -> str:
    """A key that may book."""
    return make_api_key(fresh_hospital, *BOOKING)
