"""A hospital outside of any transaction behind the MCP server, and keys for it."""

from collections.abc import Callable, Iterator

import pytest

from bookings.models import HealthcareService
from tenants.models import Hospital
from tests.conftest import make_api_key
from tests.mcp_integration.server.connecting import Server, http_server
from tests.support.catalogue import give_hours, make_service
from tests.support.people import People, make_people


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
def key(fresh_hospital: Hospital) -> str:
    """A key of the fresh hospital that may read and write bookings."""
    return make_api_key(fresh_hospital)


@pytest.fixture
def key_with(fresh_hospital: Hospital) -> Callable[..., str]:
    """A key of the fresh hospital, by scope."""
    return lambda *scopes: make_api_key(fresh_hospital, *scopes)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, spare_hospital: Hospital) -> Iterator[Server]:
    """The MCP server over HTTP, as a process, with two workers."""
    folder = tmp_path_factory.mktemp("mcp")
    with http_server(folder, "--workers", "2", METRICS_TOKEN="the-token") as running:
        yield running


@pytest.fixture(scope="session")
def old_server(tmp_path_factory: pytest.TempPathFactory, spare_hospital: Hospital) -> Iterator[Server]:
    """The MCP server with one worker, for clients of the old transport: their streams live in one process."""
    with http_server(tmp_path_factory.mktemp("sse")) as running:
        yield running


@pytest.fixture
def way() -> str:
    """The transport; tests say another by parameter."""
    return "mcp"


@pytest.fixture
def port(request: pytest.FixtureRequest, way: str) -> int:
    """Where a client of that transport connects to; nowhere on stdio."""
    if way == "stdio":
        return 0
    found: Server = request.getfixturevalue("old_server" if way == "sse" else "server")
    return found.port
