"""Two hospitals made once per run, each with the same few people; every test inside one transaction."""

import secrets
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from apikeys.keys import create_key, forget_keys
from bookings.models import HealthcareService, Practitioner
from core.actor import Actor
from tenants.context import inside, outside
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tenants.provisioning import provision_hospital
from tests.support.catalogue import give_hours, make_practitioner, make_service
from tests.support.people import PASSWORD, People, make_people
from tests.support.rest import Rest

_people: dict[str, People] = {}

BOOKING_SCOPES = ("read:bookings", "write:bookings")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Add the two hospitals to the fresh test database."""
    with django_db_blocker.unblock():
        for subdomain in ("ploy", "rama"):
            hospital = provision_hospital(
                subdomain=subdomain, name=f"{subdomain.title()} Hospital", language="en", city="Bangkok"
            )
            with inside(hospital):
                people = _people[subdomain] = make_people(subdomain)
                give_hours(people.dr_bob)
                make_service(people.dr_bob, slug="check-up")
        User.objects.create_user("operator@nadmor.example", PASSWORD, first_name="Olga", role=Role.ADMIN)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What a process remembers of a database must not outlive the test's transaction."""
    yield
    forget_hospitals()
    forget_keys()


@pytest.fixture
def hospital(db) -> Hospital:
    """Ploy: the hospital at hand."""
    return Hospital.objects.get(subdomain="ploy")


@pytest.fixture
def other_hospital(db) -> Hospital:
    """Rama: the hospital that must not be touched."""
    return Hospital.objects.get(subdomain="rama")


@pytest.fixture
def people(hospital) -> People:
    """Who is who in Ploy."""
    return _people["ploy"]


@pytest.fixture
def other_people(other_hospital) -> People:
    """Who is who in Rama; its Alice is our Charlie."""
    return _people["rama"]


@pytest.fixture
def in_hospital(hospital) -> Iterator[Hospital]:
    """The test runs inside of Ploy."""
    with inside(hospital):
        yield hospital


@pytest.fixture
def check_up(in_hospital) -> HealthcareService:
    """Dr Bob's check-up: 30 minutes, every 30 minutes, 9 to 12 and 13 to 17 each day."""
    return HealthcareService.objects.get(slug="check-up")


@pytest.fixture
def dr_bob(in_hospital, people) -> Practitioner:
    """Who offers the check-up."""
    return people.dr_bob


@pytest.fixture
def dr_eve(check_up) -> Practitioner:
    """A second doctor who offers the check-up in this test."""
    eve = make_practitioner("Dr Eve")
    check_up.practitioners.add(eve)
    return eve


@pytest.fixture
def desk(in_hospital, people) -> Actor:
    """Fon at the front desk, as an actor."""
    return people.actor(Role.FRONT_DESK)


@pytest.fixture
def alice(in_hospital, people) -> Actor:
    """Alice the patient, as an actor."""
    return people.actor(Role.PATIENT)


def make_api_key(hospital: Hospital | None, *scopes: str) -> str:
    """The text of a fresh key."""
    system = Actor.system("tests", "keys.write")
    return create_key(system, name="tests", scopes=scopes or BOOKING_SCOPES, hospital=hospital)[1]


@pytest.fixture
def rest(hospital) -> Rest:
    """A client of Ploy's REST paths that may read and write bookings."""
    return Rest(hospital, make_api_key(hospital))


@pytest.fixture
def fresh_hospital(django_db_setup, django_db_blocker) -> Iterator[Hospital]:
    """A hospital outside of any transaction, for tests with several connections; dropped afterwards."""
    with django_db_blocker.unblock():
        subdomain = f"fresh-{secrets.token_hex(4)}"
        hospital = provision_hospital(subdomain=subdomain, name="Fresh Hospital", language="en")
        try:
            with inside(hospital):
                yield hospital
        finally:
            with outside():
                hospital.delete(force_drop=True)


def signed_in(user: User, host: str) -> Client:
    """A browser on a host where that user has signed in through the log-in page."""
    client = Client(headers={"host": host})
    answer = client.post("/admin/login/", {"username": user.email, "password": PASSWORD, "next": "/admin/"})
    assert answer.status_code == 302, answer.content[:500]
    return client
