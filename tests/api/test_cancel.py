import pytest

from bookings.models import Appointment
from bookings.rules.statuses import Status, allowed
from tenants.context import inside
from tests.api.stored import nothing_stored
from tests.api.wire import MOMENT, day, refusal, send
from tests.support.booking import set_status

# Every status a booking can have from which it cannot be cancelled.
FINAL = [status for status in Status if "CANCELLED" not in allowed(status) and status != Status.HELD]


def test_a_booking_is_cancelled_with_its_reason(rest, booked):
    body = booked(guest_phone="0898765432")

    answer = rest.post(f"/{body['reference']}/cancel", {"reason": " A cold "})

    assert answer.status_code == 200
    assert answer.json() == {**body, "status": "CANCELLED", "cancel_reason": "A cold", "updated_at": MOMENT}
    assert rest.get(f"/{body['reference']}").json() == answer.json()


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "text/plain", "application/x-www-form-urlencoded"]
)
def test_no_body_at_all_cancels_without_a_reason(rest, booked, content_type):
    reference = booked()["reference"]

    answer = send(rest, "POST", f"/{reference}/cancel", b"", content_type=content_type)

    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["cancel_reason"]) == ("CANCELLED", "")


@pytest.mark.parametrize("body", [{}, {"reason": None}, {"reason": ""}])
def test_the_reason_may_be_left_out_or_null_or_empty(rest, booked, body):
    answer = rest.post(f"/{booked()['reference']}/cancel", body)

    assert (answer.status_code, answer.json()["cancel_reason"]) == (200, "")


def test_any_spelling_of_the_reference_cancels(rest, booked):
    reference = booked()["reference"]

    answer = rest.post(f"/{reference.replace('-', '').lower()}/cancel")

    assert answer.json()["reference"] == reference


def test_the_slot_is_free_at_once(rest, booked):
    assert rest.post(f"/{booked()['reference']}/cancel").status_code == 200
    assert booked()["start"] == f"{day()}T09:00:00+07:00"


def test_a_second_time_is_refused_with_what_is_possible_and_nothing_is_stored(rest, booked):
    reference = booked()["reference"]
    assert rest.post(f"/{reference}/cancel", {"reason": "A cold"}).status_code == 200

    with nothing_stored():
        answer = rest.post(f"/{reference}/cancel", {"reason": "Something else"})

    details = refusal(answer, 409, "CONFLICT")
    assert details == {"reason": "illegal_status", "from": "CANCELLED", "allowed": []}


@pytest.mark.parametrize("status", FINAL)
def test_what_is_over_cannot_be_cancelled(rest, hospital, booked, status):
    reference = booked()["reference"]
    with inside(hospital):
        set_status(Appointment.objects.get(reference=reference), status)

    with nothing_stored():
        answer = rest.post(f"/{reference}/cancel")

    assert refusal(answer, 409, "CONFLICT") == {
        "reason": "illegal_status",
        "from": status.value,
        "allowed": allowed(status),
    }


def test_an_unknown_reference_is_not_found_and_nothing_is_stored(rest, check_up):
    with nothing_stored():
        answer = rest.post("/CCCC-CCCC/cancel", {"reason": "A cold"})

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "booking_not_found"}
