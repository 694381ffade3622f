"""Two hospitals made once per run, each with the same few people; every test inside one transaction."""

import sys
from collections.abc import Iterator
from copy import copy

import pytest
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone, translation
from xdist.remote import Producer

from accounts.models import User
from accounts.permissions import Role
from apikeys.counting import forget_counts
from apikeys.keys import create_key, forget_keys
from apikeys.limits import forget_limits
from apikeys.models import ApiKey
from bookings.actions import seats
from bookings.models import HealthcareService, Practitioner
from core.actor import Actor
from jobs.models import Job
from telegram_integration.bots import forget_bots
from tenants.context import inside
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tenants.provisioning import provision_hospital
from tests.support.catalogue import give_hours, make_practitioner, make_service
from tests.support.people import PASSWORD, People, make_people
from tests.support.rest import Rest
from tests.support.rows import empty
from tests.support.sharing import BySharing

_people: dict[str, People] = {}

BOOKING_SCOPES = ("read:bookings", "write:bookings")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BySharing:
    """Tests that share what is dear to start go to one worker."""
    return BySharing(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Add the two hospitals to the fresh test database.

    pytest-django makes that database only when some test asks for `db`; for `fresh_hospital` alone it
    would leave the real one in place, so it is made here then.
    """
    with django_db_blocker.unblock():
        is_made = str(connection.settings_dict["NAME"]).startswith(TEST_DATABASE_PREFIX)
        made = None if is_made else setup_databases(verbosity=0, interactive=False)
        _add_hospitals()
    yield
    with django_db_blocker.unblock():
        _end_other_sessions()
        if made is not None:
            teardown_databases(made, verbosity=0)


def _end_other_sessions() -> None:
    """Whoever is still connected would keep the database from being dropped; says who it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT now() - backend_start, state, left(query, 300), pg_terminate_backend(pid)"
            " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        for age, state, query, _ended in cursor.fetchall():
            print(f"\nleft open for {age}: {state}: {query}", file=sys.__stderr__)


def _add_hospitals() -> None:
    for subdomain in ("ploy", "rama"):
        hospital = provision_hospital(
            subdomain=subdomain, name=f"{subdomain.title()} Hospital", language="en", city="Bangkok"
        )
        with inside(hospital):
            people = _people[subdomain] = make_people(subdomain)
            give_hours(people.dr_bob)
            make_service(people.dr_bob, slug="check-up")
    # A hospital's standing jobs would be done in the middle of some test.
    Job.objects.all().delete()
    User.objects.create_user("operator@nadmor.example", PASSWORD, first_name="Olga", role=Role.ADMIN)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What a process or thread remembers of one test must not reach the next: rows, language, time zone."""
    translation.deactivate()
    timezone.deactivate()
    yield
    forget_hospitals()
    forget_keys()
    forget_limits()
    forget_counts()
    forget_bots()


@pytest.fixture
def patient_locks(monkeypatch) -> None:
    """A slow machine must not turn a refusal into a plea to try again."""
    monkeypatch.setattr(seats, "LOCK_TIMEOUT", 30_000)


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
    """The text of a fresh key without limits; tests about limits make theirs by `make_limited_key`."""
    return _make_key(hospital, scopes, is_unlimited=True)


def make_limited_key(hospital: Hospital | None, *scopes: str) -> str:
    """The text of a fresh key with the usual limits."""
    return _make_key(hospital, scopes, is_unlimited=False)


def _make_key(hospital: Hospital | None, scopes: tuple[str, ...], *, is_unlimited: bool) -> str:
    system, scopes = Actor.system("tests", "keys.write"), scopes or BOOKING_SCOPES
    return create_key(system, name="tests", scopes=scopes, hospital=hospital, is_unlimited=is_unlimited)[1]


@pytest.fixture
def rest(hospital) -> Rest:
    """A client of Ploy's REST paths that may read and write bookings."""
    return Rest(hospital, make_api_key(hospital))


@pytest.fixture
def both_hospitals(django_db_setup, django_db_blocker) -> Iterator[tuple[Hospital, Hospital]]:
    """Ploy and Rama as they were made, outside of any transaction: for threads to read, never to write."""
    with django_db_blocker.unblock():
        yield Hospital.objects.get(subdomain="ploy"), Hospital.objects.get(subdomain="rama")


@pytest.fixture(scope="session")
def spare_hospital(django_db_setup, django_db_blocker) -> Hospital:
    """What `fresh_hospital` hands out, made once: it goes with the test database."""
    with django_db_blocker.unblock():
        return provision_hospital(subdomain="fresh", name="Fresh Hospital", language="en")


@pytest.fixture
def fresh_hospital(spare_hospital, django_db_blocker) -> Iterator[Hospital]:
    """An empty hospital outside of any transaction, for tests with several connections."""
    with django_db_blocker.unblock():
        hospital = copy(spare_hospital)
        hospital.save()
        ApiKey.objects.filter(hospital=hospital).delete()
        with inside(hospital):
            empty(hospital.schema_name)
            yield hospital
        # Other tests look at the queue, where this would be late, and count keys.
        Job.objects.all().delete()
        ApiKey.objects.filter(hospital=hospital).delete()


def signed_in(user: User, host: str) -> Client:
    """A browser on a host where that user has signed in through the log-in page."""
    client = Client(headers={"host": host})
    answer = client.post("/admin/login/", {"username": user.email, "password": PASSWORD, "next": "/admin/"})
    assert answer.status_code == 302, answer.content[:500]
    return client
