"""What tests of the REST door share: every answer is held against the OpenAPI document as it comes."""

from collections.abc import Callable
from typing import Any

import pytest

from bookings.models import Appointment, HealthcareService
from tenants.context import inside
from tests.api import contract, wire
from tests.conftest import make_api_key
from tests.support.catalogue import at, make_service
from tests.support.rest import Rest
from tests.support.rows import insert_appointment
from tests.support.waiting_list import offered


@pytest.fixture
def rest(hospital) -> Rest:
    """A client of Ploy's REST paths that may read and write bookings."""
    return contract.checked(Rest(hospital, make_api_key(hospital)))


@pytest.fixture
def other_rest(other_hospital) -> Rest:
    """The same for Rama, with Rama's own key."""
    return contract.checked(Rest(other_hospital, make_api_key(other_hospital)))


@pytest.fixture
def visit(check_up) -> Callable[..., dict[str, Any]]:
    """The body that books the check-up at a time of a coming day, for Malee unless told otherwise."""

    def body(at: str = "09:00", *, ahead: int = 1, **more: Any) -> dict[str, Any]:
        return {
            "event_type_id": check_up.pk,
            "date": wire.day(ahead),
            "time": at,
            "guest_name": "Malee Srisuk",
            **more,
        }

    return body


@pytest.fixture
def booked(rest, visit) -> Callable[..., dict[str, Any]]:
    """Book by REST and return the booking."""

    def book(*args: Any, **more: Any) -> dict[str, Any]:
        answer = rest.post("/create", visit(*args, **more))
        assert answer.status_code == 201, answer.content
        return answer.json()

    return book


@pytest.fixture
def held(rest, check_up) -> Callable[..., dict[str, Any]]:
    """Hold by REST and return the hold."""

    def hold(at: str = "09:00", *, ahead: int = 1, **more: Any) -> dict[str, Any]:
        body = {"event_type_id": check_up.pk, "date": wire.day(ahead), "time": at, **more}
        answer = rest.post("/hold", body)
        assert answer.status_code == 201, answer.content
        return answer.json()

    return hold


@pytest.fixture
def ids(hospital, check_up, dr_bob, booked, held, desk) -> dict[str, Any]:
    """What each operation asks about: a booking at 09:00, a hold at 09:30, 10:00 free, 16:00 offered.

    One visit took place.
    """
    with inside(hospital):
        entry = offered(desk, check_up, at(16))
        done = insert_appointment(check_up, dr_bob, status="COMPLETED")
        completed = Appointment.objects.get(pk=done).reference
    return {
        "done": completed,
        "event_type": check_up.pk,
        "provider": str(dr_bob.pk),
        "reference": booked("09:00")["reference"],
        "hold": held("09:30")["hold_id"],
        "entry": str(entry),
        "day": wire.day(),
        "month": wire.day()[:7],
        "time": "10:00",
    }


@pytest.fixture
def group(in_hospital, dr_bob) -> HealthcareService:
    """A class of three seats on the hour, an hour long, with Dr Bob."""
    return make_service(dr_bob, slug="yoga", capacity=3, duration_minutes=60, slot_interval=60)
