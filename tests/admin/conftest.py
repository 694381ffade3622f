"""Browsers of the people of Ploy, and of Olga who runs the platform."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from bookings.models import Appointment
from tenants.context import inside
from tests.admin.browser import Browser
from tests.admin.signing_in import CODE, type_password
from tests.conftest import signed_in
from tests.support.booking import book
from tests.support.catalogue import at
from tests.support.second_factor import Phone, give_phone, require

PLOY = "ploy.localhost"


@pytest.fixture
def browser_of(in_hospital, people) -> Callable[[str], Browser]:
    """A browser at Ploy's host in which the person of a role has signed in."""

    def open_for(role: str) -> Browser:
        return Browser(signed_in(people.by_role(role), PLOY), in_hospital)

    return open_for


@pytest.fixture
def at_desk(browser_of) -> Browser:
    """Fon's browser."""
    return browser_of(Role.FRONT_DESK)


@pytest.fixture
def as_admin(browser_of) -> Browser:
    """Adam's browser."""
    return browser_of(Role.ADMIN)


@pytest.fixture
def as_doctor(browser_of) -> Browser:
    """Dr Bob's browser."""
    return browser_of(Role.DOCTOR)


@pytest.fixture
def operator(db) -> Browser:
    """Olga's browser, at the public host."""
    return Browser(signed_in(User.objects.get(email="operator@nadmor.example"), "localhost"), None)


@pytest.fixture
def stranger() -> Client:
    """A browser at Ploy's host in which nobody has signed in."""
    return Client(headers={"host": PLOY})


@pytest.fixture
def browser(in_hospital) -> Browser:
    """A browser at Ploy's host in which nobody has signed in."""
    return Browser(Client(headers={"host": PLOY}), in_hospital)


@pytest.fixture
def fon(in_hospital, people) -> User:
    """Fon's account, read anew."""
    return User.objects.get(pk=people.desk.pk)


@pytest.fixture
def phone(fon) -> Phone:
    """Fon's phone, which makes her codes."""
    return give_phone(fon)


@pytest.fixture
def half(browser, fon, phone) -> Browser:
    """A browser in which Fon's password was right."""
    assert type_password(browser, fon)["Location"] == CODE
    return browser


@pytest.fixture
def required(in_hospital) -> None:
    """Ploy asks its staff for a second factor."""
    require(in_hospital)


@pytest.fixture
def booked(in_hospital, desk, check_up, dr_bob) -> Callable[..., Appointment]:
    """Book a check-up at an hour of tomorrow, with Dr Bob unless told otherwise."""

    def make(hour: int = 9, minute: int = 0, *, days: int = 1, **asked) -> Appointment:
        with inside(in_hospital):
            return book(
                desk, check_up, at(hour, minute, days=days), **{"practitioner_id": str(dr_bob.pk), **asked}
            )

    return make
