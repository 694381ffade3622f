"""What tests of the REST door share: every answer is held against the OpenAPI document as it comes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

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
def offer(hospital, check_up, desk) -> UUID:
    """Anong's place on the waiting list, to which 16:00 is offered. Takes a while: jobs have to run."""
    with inside(hospital):
        return offered(desk, check_up, at(16))


@pytest.fixture
def ids(request, hospital, check_up, dr_bob, booked, held) -> dict[str, Any]:
    """What each operation asks about: a booking at 09:00, a hold at 09:30, 10:00 free.

    One visit took place. An offer is there in tests of an operation that is about offers, and in those that
    want `offer`.
    """
    asked = getattr(request.node, "callspec", None)
    operation = asked.params.get("operation") if asked else None
    is_offered = "offer" in request.fixturenames or (operation and operation.is_about_offers)
    entry = request.getfixturevalue("offer") if is_offered else None
    with inside(hospital):
        done = insert_appointment(check_up, dr_bob, status="COMPLETED")
        completed = Appointment.objects.get(pk=done).reference
    return {
        "done": completed,
        "event_type": check_up.pk,
        "provider": str(dr_bob.pk),
        "reference": booked("09:00")["reference"],
        "hold": held("09:30")["hold_id"],
        **({"entry": str(entry)} if entry else {}),
        "day": wire.day(),
        "month": wire.day()[:7],
        "time": "10:00",
    }


@pytest.fixture
def group(in_hospital, dr_bob) -> HealthcareService:
    """A class of three seats on the hour, an hour long, with Dr Bob."""
    return make_service(dr_bob, slug="yoga", capacity=3, duration_minutes=60, slot_interval=60)
