import pytest
from django.test import Client

from apikeys.keys import forget_keys
from apikeys.models import ApiKey
from bookings.models import Appointment
from events.models import IdempotencyKey
from tenants.context import inside
from tests.api.operations import OPERATIONS, operation
from tests.api.stored import how_many, nothing_stored
from tests.api.wire import refusal, wrong
from tests.conftest import make_api_key, make_limited_key
from tests.support.booking import set_status

KEPT = [one for one in OPERATIONS if one.keeps_answers]
each_kept = pytest.mark.parametrize("operation", KEPT, ids=str)


def test_every_operation_that_writes_keeps_its_answers():
    assert {one.name for one in OPERATIONS if one.method != "GET"} == {one.name for one in KEPT}


@each_kept
def test_a_repeated_request_is_answered_with_the_same_bytes_and_not_done_again(rest, ids, operation):
    first = operation.ask(rest, ids, idempotency_key="once")
    assert (first.status_code, "Idempotency-Replayed" in first) == (operation.status, False)

    with nothing_stored():
        again = operation.ask(rest, ids, idempotency_key="once")

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert again.get("Content-Type") == first.get("Content-Type")


@each_kept
def test_without_a_key_the_same_request_is_done_again_or_refused(rest, ids, operation):
    first = operation.ask(rest, ids)
    again = operation.ask(rest, ids)

    assert first.status_code == operation.status
    assert "Idempotency-Replayed" not in again
    # Moving to where it is already is no change, accepting or rating again none either; else it is refused.
    known = {"reschedule": 200, "accept": 200, "rate": 200, "release": 404, "leave": 404}
    assert again.status_code == known.get(operation.name, 409)


OTHER_BODIES = {
    "create": {"guest_name": "Somebody Else"},
    "hold": {"time": "11:00"},
    "cancel": {"reason": "Another"},
    "join": {"guest_name": "Somebody Else"},
    "accept": {"notes": "Another"},
    "reschedule": {"new_time": "11:00"},
    "rate": {"rating": 1},
}


@pytest.mark.parametrize("operation", [one for one in KEPT if one.body], ids=str)
def test_the_same_key_with_another_body_is_a_conflict_and_nothing_is_stored(rest, ids, operation):
    assert operation.ask(rest, ids, idempotency_key="once").status_code == operation.status
    body = {
        key: ids[value[1:]] if str(value).startswith("$") else value for key, value in operation.body.items()
    }

    with nothing_stored():
        answer = rest.post(
            operation.path.format(**ids),
            body | OTHER_BODIES[operation.name],
            headers={"Idempotency-Key": "once"},
        )

    assert refusal(answer, 409, "CONFLICT") == {"reason": "idempotency_key_reused"}


def test_the_order_of_fields_and_spaces_make_no_other_body(rest, visit):
    body = visit()
    first = rest.post("/create", body, headers={"Idempotency-Key": "once"})
    turned = dict(reversed(body.items()))

    again = rest.post("/create", turned, headers={"Idempotency-Key": "once"})

    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "a b", "a\tb", "ก", "é", "a\x7f", "a\x00b"], ids=ascii)
@each_kept
def test_a_key_of_another_form_is_refused_and_nothing_is_stored(rest, ids, operation, key):
    with nothing_stored("ploy"):
        answer = operation.ask(rest, ids, idempotency_key=key.encode().decode("latin-1"))

    wrong(answer, "Idempotency-Key")


@pytest.mark.parametrize("key", ["a", "a" * 255, "!~", "7b0e4e3c-9a2b-4f7e-8d53-1e0a3f3f9b52"])
def test_a_key_of_1_to_255_printable_characters_is_taken(rest, visit, key):
    first = rest.post("/create", visit(), headers={"Idempotency-Key": key})
    again = rest.post("/create", visit(), headers={"Idempotency-Key": key})

    assert (first.status_code, again.content) == (201, first.content)


def test_the_same_key_of_another_program_is_another_request(rest, hospital, visit):
    first = rest.post("/create", visit("09:00"), headers={"Idempotency-Key": "once"})
    rest.key = make_api_key(hospital)

    second = rest.post("/create", visit("09:30"), headers={"Idempotency-Key": "once"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["reference"] != second.json()["reference"]


def test_the_same_key_in_another_hospital_is_another_request(rest, other_rest, visit):
    platform = make_api_key(None)
    asked = {"X-API-Key": platform, "Idempotency-Key": "once"}

    first, second = (one.post("/create", visit(), headers=asked) for one in (rest, other_rest))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["provider"]["id"] != second.json()["provider"]["id"]
    assert "Idempotency-Replayed" not in second


def test_the_same_key_on_another_path_is_another_request(rest, booked):
    one, two = booked("09:00")["reference"], booked("09:30")["reference"]

    answers = [rest.post(f"/{each}/cancel", headers={"Idempotency-Key": "once"}) for each in (one, two)]

    assert [answer.json()["reference"] for answer in answers] == [one, two]


def test_a_refused_request_is_not_kept_and_may_succeed_later(rest, booked, visit):
    taken = booked("10:00")["reference"]
    asked = visit("10:00", guest_name="Somebody Else")
    with nothing_stored():
        refusal(rest.post("/create", asked, headers={"Idempotency-Key": "k"}), 409, "CONFLICT", "slot_taken")
    assert rest.post(f"/{taken}/cancel").status_code == 200

    answer = rest.post("/create", asked, headers={"Idempotency-Key": "k"})

    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer


@pytest.mark.parametrize(("field", "value"), [("date", "x"), ("event_type_id", 2**31 - 1)])
def test_a_wrong_request_is_not_kept_and_the_key_serves_the_right_one(rest, visit, field, value):
    with nothing_stored():
        first = rest.post("/create", visit(**{field: value}), headers={"Idempotency-Key": "k"})
    second = rest.post("/create", visit(), headers={"Idempotency-Key": "k"})

    assert first.status_code in (400, 404)
    assert second.status_code == 201


def test_a_repeated_cancellation_is_answered_again_though_a_new_one_would_be_refused(rest, booked):
    reference = booked()["reference"]
    first = rest.post(f"/{reference}/cancel", {"reason": "A cold"}, headers={"Idempotency-Key": "k"})

    again = rest.post(f"/{reference}/cancel", {"reason": "A cold"}, headers={"Idempotency-Key": "k"})
    anew = rest.post(f"/{reference}/cancel", {"reason": "A cold"}, headers={"Idempotency-Key": "l"})

    assert (again.status_code, again.content) == (200, first.content)
    refusal(anew, 409, "CONFLICT", "illegal_status")


def test_the_first_answer_comes_again_even_after_the_booking_went_on(rest, hospital, visit):
    first = rest.post("/create", visit(), headers={"Idempotency-Key": "k"})
    with inside(hospital):
        set_status(Appointment.objects.get(reference=first.json()["reference"]), "CHECKED_IN")

    again = rest.post("/create", visit(), headers={"Idempotency-Key": "k"})

    assert again.content == first.content
    assert rest.get(f"/{first.json()['reference']}").json()["status"] == "CHECKED_IN"


def test_an_answer_is_kept_for_a_day(rest, hospital, visit, booked):
    first = rest.post("/create", visit(), headers={"Idempotency-Key": "k"})
    with inside(hospital):
        kept = IdempotencyKey.objects.get()
        kept.created_at = kept.created_at.replace(year=kept.created_at.year - 1)
        kept.save()

    again = rest.post("/create", visit(guest_name="Somebody Else"), headers={"Idempotency-Key": "k"})

    assert first.status_code == 201
    refusal(again, 409, "CONFLICT", "slot_taken")


@pytest.mark.parametrize("name", ["event-types", "availability", "search", "look-up"])
def test_other_operations_pass_the_header_over(rest, ids, name):
    answer = operation(name).ask(rest, ids, idempotency_key="a b")

    assert answer.status_code == 200
    assert how_many("events_idempotencykey") == 0


def test_what_is_kept_cannot_be_read_in_the_database(rest, hospital, visit):
    rest.post("/create", visit(guest_name="CANARY", notes="CANARY"), headers={"Idempotency-Key": "k"})

    with inside(hospital):
        kept = IdempotencyKey.objects.get()
    assert kept.status == 201
    assert len(kept.answer) > 200
    assert "CANARY" not in kept.answer


def test_a_path_that_names_no_hospital_keeps_its_answers_with_the_keys_whatever_the_host(
    hospital, other_hospital
):
    key = make_api_key(hospital, "manage:webhooks")
    asked = {"webhook_url": "http://127.0.0.1:9/hook", "events": ["booking.created"]}
    headers = {"host": "rama.localhost", "X-API-Key": key, "Idempotency-Key": "k"}

    first, again = (
        Client().post("/api/v1/webhooks/register", asked, "application/json", headers=headers)
        for _ in range(2)
    )

    assert (first.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    with inside(other_hospital):
        assert not IdempotencyKey.objects.exists()
    with inside(hospital):
        assert first.json()["secret"] not in IdempotencyKey.objects.get().answer


def test_a_429_is_not_kept(rest, hospital, visit):
    rest.key = make_limited_key(hospital)
    for number in range(10):
        rest.post("/create", visit(time="x"), headers={"Idempotency-Key": f"n{number}"})
    asked = {"Idempotency-Key": "k"}
    refusal(rest.post("/create", visit(), headers=asked), 429, "RATE_LIMIT", "too_many_requests")
    rest.key = _freed(rest.key)

    assert rest.post("/create", visit(), headers=asked).status_code == 201


def _freed(key: str) -> str:
    """The same key, from now on without limits."""
    ApiKey.objects.filter(public_id=key.split("_")[1]).update(is_unlimited=True)
    forget_keys()
    return key
