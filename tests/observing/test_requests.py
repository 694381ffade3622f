"""Each request has an id and one line; neither that line nor any other tells of a patient."""

import logging
import re

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from accounts.permissions import Role
from api.views.bookings import SearchView
from config.urls_api import handler400, handler403, handler404, handler500
from config.urls_api import urlpatterns as api_patterns
from core.actor import Actor
from observing.context import at_hand, during
from tenants.context import inside
from tests.api.wire import JSON, day
from tests.conftest import signed_in
from tests.observing.canary import EMAIL, NAME, NOTE, PHONE
from tests.support.rest import Rest

__all__ = ["handler400", "handler403", "handler404", "handler500"]
UUID = "6f1c0f6e-8d0c-4222-8333-1a3456789012"


def fail(request, who):
    """A view of the tests' own URLconf: it raises with everything in the message."""
    note = NOTE
    raise RuntimeError(f"{who} {note} {request.GET} {request.body!r}")


def answer(request, who):
    logging.getLogger("bookings.tests").warning("inside")
    return HttpResponse("fine")


urlpatterns = [
    path("boom/<str:who>", fail),
    path("fine/<str:who>", answer),
    path("", include(api_patterns)),
]
with_faults = override_settings(ROOT_URLCONF=__name__, PUBLIC_SCHEMA_URLCONF=__name__)


@pytest.fixture
def booking(check_up) -> dict:
    return {
        "event_type_id": check_up.pk, "date": day(), "time": "10:00",
        "guest_name": NAME, "guest_phone": PHONE, "guest_email": EMAIL, "notes": NOTE,
    }  # fmt: skip


# ── the id ────────────────────────────────────────────────────────────────────
def test_an_id_that_is_a_uuid_is_kept_and_returned(db, written):
    answered = Client().get("/", headers={"X-Request-ID": UUID})

    assert answered["X-Request-ID"] == written.request["request_id"] == UUID


@pytest.mark.parametrize("given", ["", NAME, PHONE, f"{UUID}x", UUID.replace("-", "", 1), "a" * 33, "\u0e01"])
def test_any_other_id_is_replaced(db, written, given):
    answered = Client().get("/", headers={"X-Request-ID": given})

    assert re.fullmatch("[0-9a-f]{32}", answered["X-Request-ID"])
    assert answered["X-Request-ID"] == written.request["request_id"]


def test_a_request_for_the_server_as_a_whole_is_answered_too(db, written):
    assert Client().generic("OPTIONS", "*").status_code < 500
    assert written.request["door"] == "web"


def test_each_request_has_its_own(db, written):
    client = Client()
    assert client.get("/")["X-Request-ID"] != client.get("/")["X-Request-ID"]


# ── the line ──────────────────────────────────────────────────────────────────
def test_a_booking_is_one_line_with_its_route_and_without_its_values(rest, booking, written):
    made = rest.post("/create", booking)
    found = rest.get(f"/{made.json()['id']}") if "id" in made.json() else None

    line = written.of("observing.middleware")[0]
    assert made.status_code == 201, made.content
    assert isinstance(line.pop("ms"), float)
    assert re.fullmatch("[0-9A-Za-z]{10}", line.pop("key"))
    assert line.pop("request_id") == made["X-Request-ID"]
    assert line.pop("timestamp")
    assert line == {
        "level": "info", "logger": "observing.middleware", "event": "request", "door": "api",
        "hospital": "ploy", "method": "POST", "route": "api/v1/tenants/<str:subdomain>/booking/create",
        "status": 201,
    }  # fmt: skip
    assert found is None or found.status_code in (200, 404)
    assert written.is_clean()


def test_a_person_who_signed_in_is_an_id(hospital, people, written):
    client = signed_in(people.desk, "ploy.localhost")
    client.get("/admin/bookings/patient/", {"q": NAME})

    line = written.request
    assert line["user"] == str(people.desk.pk)
    assert (line["door"], line["hospital"], line["route"]) == ("admin", "ploy", "admin/bookings/patient/")
    assert written.is_clean()


def test_what_is_said_in_between_has_the_request_s_id_door_and_hospital(hospital, written):
    with with_faults:
        Client(headers={"host": "ploy.localhost"}).get(f"/fine/{NAME}", headers={"X-Request-ID": UUID})

    [line] = written.of("bookings.tests")
    assert (line["request_id"], line["door"], line["hospital"]) == (UUID, "web", "ploy")
    assert written.is_clean()


def test_nothing_of_a_request_is_left_for_the_next_line(db, written):
    Client().get("/")
    logging.getLogger("bookings.tests").warning("afterwards")

    assert "request_id" not in written.of("bookings.tests")[0]


def test_a_line_of_a_task_names_the_hospital_that_it_is_in(hospital, written):
    with inside(hospital):
        logging.getLogger("bookings.tests").warning("in")
    logging.getLogger("bookings.tests").warning("out")

    assert [line.get("hospital") for line in written.lines] == ["ploy", None]


def test_nobody_is_looked_up_for_a_line(hospital, written, django_assert_num_queries):
    client = Client(headers={"host": "ploy.localhost"})
    client.get("/admin/login/")
    with django_assert_num_queries(0):
        client.get("/")


# ── nobody in the log, whatever goes wrong ────────────────────────────────────
def test_failures_are_told_by_class_and_place(hospital, written):
    client = Client(raise_request_exception=False, headers={"host": "ploy.localhost"})
    with with_faults:
        failed = client.post(f"/boom/{NAME}?phone={PHONE}", {"note": NOTE, "email": EMAIL}, content_type=JSON)

    line = written.request
    assert failed.status_code == line["status"] == 500
    assert (line["level"], line["failure"], line["route"]) == ("error", "RuntimeError", "boom/<str:who>")
    assert "test_requests:" in line["at"]
    assert written.is_clean()


def test_failures_of_the_api_are_told_by_class_and_place(rest, written, monkeypatch):
    def get(self, request, **_):
        return fail(request, NAME)

    monkeypatch.setattr(SearchView, "get", get)
    failed = rest.get("/search", phone=PHONE, name=NAME)

    line = written.request
    assert failed.status_code == line["status"] == 500
    assert (line["failure"], line["door"], line["hospital"]) == ("RuntimeError", "api", "ploy")
    assert "key" in line
    assert written.is_clean()


def test_nobody_is_in_the_log_of_requests_that_were_refused(rest, booking, hospital, written):
    key = rest.key
    rest.post("/create", booking)
    for body in (booking, {**booking, "date": NAME}, {**booking, "event_type_id": NAME}, [NAME], NAME):
        assert rest.post("/create", body).status_code >= 400
    raw = {"content_type": "application/json", "headers": rest.headers()}
    assert rest.client.post(f"{rest.base}/create", f'{{"guest_name": "{NAME}', **raw).status_code == 400
    assert rest.client.post(f"{rest.base}/create", b"\xff" + NAME.encode(), **raw).status_code == 400
    assert rest.client.put(f"{rest.base}/create?name={NAME}", {}, **raw).status_code == 405
    for path_ in (
        f"/search?phone={PHONE}",
        f"/{NAME}",
        f"/nowhere/{NAME}?q={PHONE}",
        f"/availability/{NAME}",
    ):
        rest.get(path_)
    for wrong in (NAME, f"Bearer {NAME}", key[:-1] + "x"):
        rest.key = wrong
        assert rest.get("/event-types").status_code in (401, 403)
    client = Client(raise_request_exception=False)
    client.get(f"/{NAME}", headers={"host": f"{NAME}.localhost"})
    client.get(f"/{NAME}?q={PHONE}", headers={"host": f"{NAME}!.example"})
    client.get(f"/api/v1/tenants/{NAME}/booking/event-types")
    client.post("/admin/login/", {"username": EMAIL, "password": NOTE}, headers={"host": "ploy.localhost"})

    assert len(written.of("observing.middleware")) > 15
    assert written.is_clean()
    assert key not in written.text


def test_who_asked_too_often_is_not_in_the_log(hospital, check_up, written):
    for _ in range(3):
        Rest(hospital, None).get("/search", name=NAME, phone=PHONE)

    assert written.is_clean()


def test_an_actor_without_a_key_is_told_by_the_user_s_id(people, rf, written):
    request = rf.get("/api/x")
    with during(request):
        request.user = Actor.system("tests")
        assert "user" not in at_hand()
        request.user = people.actor(Role.FRONT_DESK)
        assert at_hand()["user"] == str(people.desk.pk)
