from datetime import timedelta

import pytest

from bookings.models import Appointment, Rating
from core import clock
from tenants.context import inside
from tests.api.stored import nothing_stored
from tests.api.wire import MOMENT, refusal, wrong
from tests.conftest import make_api_key
from tests.support.booking import set_status


@pytest.fixture
def visited(hospital, booked):
    """The reference of a visit that took place."""
    reference = booked()["reference"]
    with inside(hospital):
        set_status(Appointment.objects.get(reference=reference), "COMPLETED")
    return reference


def test_a_completed_visit_is_rated_and_the_rating_changed(rest, visited):
    answer = rest.post(f"/{visited}/rating", {"rating": 4, "comment": "หมอใจดี"})

    assert answer.status_code == 200
    assert answer.json() == {
        "reference": visited, "rating": 4, "comment": "หมอใจดี",
        "created_at": MOMENT, "updated_at": MOMENT, "open_until": MOMENT,
    }  # fmt: skip
    changed = rest.post(f"/{visited}/rating", {"rating": "5", "comment": None}).json()
    assert (changed["rating"], changed["comment"]) == (5, "")
    assert changed["created_at"] == answer.json()["created_at"]


def test_after_a_week_it_stands(rest, hospital, visited):
    rest.post(f"/{visited}/rating", {"rating": 4})
    with inside(hospital):
        Rating.objects.update(created_at=clock.now() - timedelta(days=7, minutes=1))

    with nothing_stored():
        answer = rest.post(f"/{visited}/rating", {"rating": 1})

    assert refusal(answer, 409, "CONFLICT") == {"reason": "rating_closed"}


def test_a_visit_that_has_yet_to_take_place_is_not_rated(rest, booked):
    unknown = rest.post("/CCCC-CCCC/rating", {"rating": 5})
    assert refusal(unknown, 404, "RESOURCE_NOT_FOUND") == {"reason": "booking_not_found"}

    reference = booked()["reference"]
    with nothing_stored():
        answer = rest.post(f"/{reference}/rating", {"rating": 5})
    assert refusal(answer, 409, "CONFLICT") == {"reason": "not_completed", "status": "SCHEDULED"}


@pytest.mark.parametrize(("body", "field"), [
    ({}, "rating"), ({"rating": 0}, "rating"), ({"rating": 6}, "rating"), ({"rating": 4.5}, "rating"),
    ({"rating": None}, "rating"), ({"rating": "five"}, "rating"),
    ({"rating": 5, "comment": "x" * 1001}, "comment"), ({"rating": 5, "comment": 7}, "comment"),
    ({"rating": 5, "comment": "\x07"}, "comment"),
])  # fmt: skip
def test_what_is_no_rating_is_refused_by_its_field(rest, visited, body, field):
    with nothing_stored():
        wrong(rest.post(f"/{visited}/rating", body), field)


def test_reading_alone_is_not_enough(rest, hospital, visited):
    key = make_api_key(hospital, "read:bookings")

    answer = rest.post(f"/{visited}/rating", {"rating": 5}, headers={"X-API-Key": key})

    assert refusal(answer, 403, "PERMISSION_DENIED", "scope_lacking")["scope"] == "write:bookings"
