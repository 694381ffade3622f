"""The whole MCP process on a port of its own, before a hospital with people, outside of any transaction."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from accounts.tokens import open_sign_in
from apikeys.models import ApiKey
from apikeys.policies import POLICIES, Rate
from tenants.context import inside, outside
from tenants.models import Hospital
from tests.conftest import make_api_key
from tests.mcp_integration.access.doors import serving_everything
from tests.support.catalogue import give_hours, make_service
from tests.support.people import People, make_people


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """Where the process listens."""
    with serving_everything() as port:
        yield port


@pytest.fixture
def no_limits(monkeypatch) -> None:
    """Every tool by everybody is more than anybody may call in a minute."""
    for name in POLICIES:
        monkeypatch.setitem(POLICIES, name, Rate(10**6, 60))


@pytest.fixture
def staff(fresh_hospital: Hospital) -> People:
    """Who is who in the fresh hospital."""
    people = make_people("fresh")
    give_hours(people.dr_bob)
    make_service(people.dr_bob, slug="check-up")
    return people


@pytest.fixture
def secrets(fresh_hospital: Hospital, staff: People) -> Iterator["Secrets"]:
    """Keys and tokens of everybody."""
    known = set(ApiKey.objects.values_list("pk", flat=True))
    yield Secrets(fresh_hospital, staff)
    ApiKey.objects.exclude(pk__in=known).delete()


class Secrets:
    """Makes what callers show."""

    def __init__(self, hospital: Hospital, people: People) -> None:
        self._hospital = hospital
        self._people = people

    def of_role(self, role: str) -> str:
        """The access token of the person of a role in the hospital."""
        with inside(self._hospital):
            return open_sign_in(self._people.by_role(role)).access_token

    def of_scope(self, scope: str) -> str:
        """A key with one scope: of the platform for the platform's, else of the hospital."""
        hospital = None if scope == "admin:platform" else self._hospital
        return make_api_key(hospital, scope)

    def of_operator(self) -> str:
        """The access token of the platform's operator."""
        with outside():
            return open_sign_in(User.objects.get(email="operator@nadmor.example")).access_token
