import pytest

from bookings.models import HealthcareService, Practitioner
from tests.support import newyork
from tests.support.catalogue import give_hours, make_practitioner, make_service


@pytest.fixture
def night_shift(in_hospital) -> HealthcareService:
    """A service around the clock in a hospital of New York."""
    in_hospital.timezone = newyork.ZONE
    owl = make_practitioner("Dr Owl", hours=False)
    give_hours(owl, ("00:00", "00:00"))
    return make_service(owl, slug="night", horizon_days=500)


@pytest.fixture
def doctor(fresh_hospital) -> Practitioner:
    """The only doctor of a hospital of the test's own: for what real threads do to one another."""
    return make_practitioner("Dr One")


@pytest.fixture
def visit(doctor) -> HealthcareService:
    """Half an hour with that doctor."""
    return make_service(doctor, slug="visit")
