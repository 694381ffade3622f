"""One hospital's key learns nothing of another and changes nothing in it, by any route, method or id.

The routes are those of the URLconf: a new one fails `test_every_route_is_covered` until it is added to
`operations.py`.
"""

from typing import Any

import pytest

from accounts.permissions import Role
from apikeys.counting import forget_counts
from bookings.models import Appointment
from tenants.context import inside
from tests.api.operations import METHODS, OPERATIONS, operation, routes
from tests.api.stored import alter, nothing_stored
from tests.api.wire import day, refusal
from tests.support.catalogue import at, give_hours, make_practitioner, make_service
from tests.support.rows import insert_appointment
from tests.support.waiting_list import offered

CANARY = "zq9canary"
PHONE = "+66877777777"
ASKED_WITH = ("GET", "POST", "PUT", "PATCH", "DELETE")

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


def test_every_route_is_covered():
    offered = {
        (method, route)
        for route, view in routes()
        for method in ASKED_WITH
        if hasattr(getattr(view, "cls", None), method.lower()) or not hasattr(view, "cls")
    }

    assert offered == {(one.method, one.route) for one in OPERATIONS}


def test_the_same_routes_are_there_on_every_host():
    assert list(routes("config.urls")) == list(routes("config.urls_public")) == list(routes())


@pytest.fixture
def theirs(other_hospital, other_people, other_rest) -> dict[str, Any]:
    """What Rama has, with a canary in every text: ids of it all, and where its booking lies."""
    with inside(other_hospital):
        # Ids of event types are counted: Rama's must be one that Ploy does not have.
        for _ in range(3):
            doctor = make_practitioner(f"Dr {CANARY}", hours=False)
            service = make_service(
                doctor, name_th=CANARY, name_en=CANARY, description_en=CANARY, slug=f"{CANARY}-{_}"
            )
        give_hours(doctor)
    body = {"event_type_id": service.pk, "date": day(), "time": "09:00"}
    guest = {
        "guest_name": f"Guest {CANARY}", "guest_phone": PHONE, "guest_email": f"{CANARY}@example.org",
        "notes": f"Notes {CANARY}",
    }  # fmt: skip
    with inside(other_hospital):
        entry = offered(other_people.actor(Role.FRONT_DESK), service, at(16))
        done = insert_appointment(service, doctor, status="COMPLETED", guest_name=CANARY, notes=CANARY)
        completed = Appointment.objects.get(pk=done).reference
    booking = other_rest.post("/create", {**body, **guest})
    hold = other_rest.post("/hold", {**body, "time": "09:30"})
    assert CANARY in booking.content.decode()
    return {
        "event_type": service.pk,
        "provider": str(doctor.pk),
        "reference": booking.json()["reference"],
        "done": completed,
        "hold": hold.json()["hold_id"],
        "entry": str(entry),
        "day": day(),
        "month": day()[:7],
        "time": "10:00",
    }


def silent(answer, ids: dict[str, Any]) -> None:
    """No canary, no id and no name of theirs is in any byte of an answer, headers included."""
    everything = answer.content + repr(sorted(answer.headers.items())).encode()
    known = (CANARY, PHONE, ids["provider"], ids["hold"], ids["reference"], ids["done"], ids["entry"], "Rama")
    assert [word for word in known if word.encode() in everything] == []


@each_operation
def test_a_key_on_another_hospitals_path_finds_nothing_by_any_method(rest, other_rest, theirs, operation):
    with nothing_stored():
        answers = {
            method: operation.ask(other_rest, theirs, method=method, x_api_key=rest.key) for method in METHODS
        }

    for method, answer in answers.items():
        silent(answer, theirs)
        if method == "HEAD":
            assert (answer.status_code, answer.content) == (404, b"")
        else:
            assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "hospital_not_found"}


@each_operation
def test_the_canary_is_there_for_their_own_key(other_rest, theirs, operation):
    answer = operation.ask(other_rest, theirs)

    assert answer.status_code == operation.status
    # What is seen here is what must not be seen above: the test of isolation looks for something real.
    if operation.name == "days":
        assert sum(one["free"] for one in answer.json()["days"]) > 0
    elif operation.name not in ("release", "leave", "rate"):
        assert CANARY in answer.content.decode()


@each_operation
def test_another_hospitals_ids_on_the_own_path_are_not_found(rest, check_up, theirs, operation):
    with nothing_stored():
        answer = operation.ask(rest, theirs)

    if operation.name == "event-types":
        assert answer.json()["count"] == 1
    elif operation.name in ("search", "waiting"):
        assert answer.json() == {"results": [], "count": 0, "next_cursor": None}
    else:
        refusal(answer, 404, "RESOURCE_NOT_FOUND")
    silent(answer, {**theirs, "reference": "Rama"})


@pytest.mark.parametrize(
    ("name", "field", "reason"),
    [
        ("availability", "provider", "provider_not_found"),
        ("days", "provider", "provider_not_found"),
        ("create", "provider", "provider_not_found"),
        ("join", "provider", "provider_not_found"),
        ("join", "event_type", "event_type_not_found"),
        ("entry", "entry", "waiting_list_entry_not_found"),
        ("leave", "entry", "waiting_list_entry_not_found"),
        ("accept", "entry", "waiting_list_entry_not_found"),
        ("decline", "entry", "waiting_list_entry_not_found"),
        ("hold", "provider", "provider_not_found"),
        ("create", "event_type", "event_type_not_found"),
        ("hold", "event_type", "event_type_not_found"),
        ("availability", "event_type", "event_type_not_found"),
        ("release", "hold", "hold_not_found"),
        ("look-up", "reference", "booking_not_found"),
        ("ics", "reference", "booking_not_found"),
        ("cancel", "reference", "booking_not_found"),
        ("reschedule", "reference", "booking_not_found"),
    ],
)
def test_one_foreign_id_among_the_own_is_not_found(rest, ids, theirs, name, field, reason):
    with nothing_stored():
        answer = operation(name).ask(rest, {**ids, field: theirs[field]})

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": reason}
    silent(answer, theirs)


def test_a_foreign_hold_books_nothing_and_stays_held(rest, other_rest, visit, theirs):
    with nothing_stored():
        answer = rest.post("/create", visit(hold_id=theirs["hold"]))

    refusal(answer, 409, "CONFLICT", "hold_expired")
    assert other_rest.delete(f"/hold/{theirs['hold']}").status_code == 204


def test_a_foreign_provider_is_not_moved_to(rest, ids, theirs):
    body = {"new_date": day(2), "new_time": "10:00", "provider_id": theirs["provider"]}

    with nothing_stored():
        answer = rest.post(f"/{ids['reference']}/reschedule", body)

    refusal(answer, 404, "RESOURCE_NOT_FOUND", "provider_not_found")


def test_a_foreign_cursor_leads_to_nothing_of_theirs(rest, other_rest, theirs, booked):
    other_rest.post("/create", {"event_type_id": theirs["event_type"], "date": day(2), "time": "09:00",
                                "guest_name": CANARY, "guest_phone": PHONE})  # fmt: skip
    cursor = other_rest.get("/search", phone=PHONE, limit=1).json()["next_cursor"]
    assert cursor
    mine = booked(guest_phone=PHONE)

    answer = rest.get("/search", phone=PHONE, cursor=cursor)

    assert [one["reference"] for one in answer.json()["results"]] in ([], [mine["reference"]])
    assert answer.json()["count"] == 1
    assert CANARY not in answer.content.decode()


def test_the_path_and_not_the_host_names_the_hospital(rest, other_rest, theirs, booked):
    mine = booked()["reference"]
    host = {"host": "rama.localhost"}

    assert rest.get(f"/{mine}", headers=host).json()["reference"] == mine
    refusal(rest.get(f"/{theirs['reference']}", headers=host), 404, "RESOURCE_NOT_FOUND", "booking_not_found")
    foreign = other_rest.get(f"/{theirs['reference']}", headers={**host, "X-API-Key": rest.key})
    refusal(foreign, 404, "RESOURCE_NOT_FOUND", "hospital_not_found")


@pytest.mark.parametrize("scope", ["read:bookings", "read:patients"])
def test_a_hospital_that_is_open_switched_off_or_nowhere_is_the_same_to_a_foreign_key(
    hospital, other_hospital, rest, other_rest, theirs, scope
):
    from tests.conftest import make_api_key  # noqa: PLC0415

    key = make_api_key(hospital, scope)

    def told(subdomain: str) -> list[tuple[int, dict]]:
        other_rest.base = f"/api/v1/tenants/{subdomain}/booking"
        # Wrong credentials count by address, and all operations together are too many for two rounds.
        forget_counts()
        answers = [one.ask(other_rest, theirs, x_api_key=key) for one in OPERATIONS]
        return [(answer.status_code, {**answer.json()["error"], "timestamp": ""}) for answer in answers]

    is_open, is_nowhere = told("rama"), told("nowhere")
    alter(other_hospital, is_active=False)
    is_off = told("rama")

    assert is_open == is_nowhere == is_off
    assert {status for status, _ in is_open} == {404}


def test_requests_to_two_hospitals_in_turn_never_mix(rest, other_rest, theirs, booked):
    mine = booked(guest_phone=PHONE)["reference"]

    for _ in range(20):
        assert [one["reference"] for one in rest.get("/search", phone=PHONE).json()["results"]] == [mine]
        found = other_rest.get("/search", phone=PHONE).json()["results"]
        assert [one["reference"] for one in found] == [theirs["reference"]]
        refusal(rest.get(f"/{theirs['reference']}"), 404, "RESOURCE_NOT_FOUND")
