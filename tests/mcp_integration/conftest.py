"""Callers of tools: people by role, and keys by scope."""

from collections.abc import Callable

import pytest

from accounts.access import read_access_token
from accounts.models import User
from accounts.tokens import open_sign_in
from core.actor import Door
from credentials.callers import Credential, credential_by_name, credential_of_key
from tenants.context import inside, outside
from tenants.models import Hospital
from tests.conftest import make_api_key
from tests.support.people import People
from tests.support.tools import Tools


def credential_of_user(user: User, hospital: Hospital | None) -> Credential:
    """Somebody who has signed in. For operators there is no hospital."""
    with inside(hospital) if hospital else outside():
        claims = read_access_token(open_sign_in(user).access_token)
    return credential_by_name(f"user:{user.pk}", claims, Door.MCP)


def credential_with_scopes(hospital: Hospital | None, *scopes: str) -> Credential:
    """A program with an unlimited key of a hospital, or of the platform."""
    return credential_of_key(make_api_key(hospital, *scopes), Door.MCP)


@pytest.fixture
def tools_of(in_hospital: Hospital, people: People) -> Callable[[str], Tools]:
    """The tools as the person of a role at Ploy calls them."""
    return lambda role: Tools(credential_of_user(people.by_role(role), in_hospital))


@pytest.fixture
def tools_by_key(in_hospital: Hospital) -> Callable[..., Tools]:
    """The tools as a program with a key of Ploy calls them: by scope."""
    return lambda *scopes: Tools(credential_with_scopes(in_hospital, *scopes))


@pytest.fixture
def tools_of_platform(hospital: Hospital) -> Callable[..., Tools]:
    """The tools as a program with a key of the platform calls them: by scope, ``admin:platform`` if none."""
    return lambda *scopes: Tools(credential_with_scopes(None, *(scopes or ("admin:platform",))))


@pytest.fixture
def operator_tools(hospital: Hospital) -> Tools:
    """The tools as the platform's operator calls them."""
    with outside():
        operator = User.objects.get(email="operator@nadmor.example")
    return Tools(credential_of_user(operator, None))
