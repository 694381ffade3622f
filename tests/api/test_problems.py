"""Whatever refuses, at whichever layer: one form, in the form and the language that the caller asked for."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from jsonschema import Draft202012Validator

from api.problems import TITLES
from tenants.context import inside
from tenants.directory import forget_hospitals
from tests.api.contract import validator
from tests.api.stored import alter, nothing_stored
from tests.api.wire import STAMP, UUID, day
from tests.conftest import make_api_key, make_limited_key
from tests.support.rest import Rest

ENVELOPE, PROBLEM = "application/json", "application/problem+json"
PATH = "/api/v1/tenants/ploy/booking"
# Words of the inside, and of whoever is asked about.
INTERNALS = (
    b"psycopg", b"Traceback", b"django", b"SELECT", b"relation ", b".py", b"postgres", b"Exception",
    b"CANARY",
)  # fmt: skip

Send = Callable[..., HttpResponse]
Layer = tuple[str, int, str, str, Callable[[Send, "Case"], HttpResponse]]


class Case:
    """What a layer needs to be made to refuse."""

    def __init__(self, key: str, hospital: Any, service: Any) -> None:
        self.key, self.hospital, self.service = key, hospital, service

    def switched_off(self) -> None:
        alter(self.hospital, is_active=False)

    def limited(self) -> str:
        """A key that has asked for everything that it may hold."""
        key = make_limited_key(self.hospital)
        rest = Rest(self.hospital, key)
        for _ in range(10):
            rest.post("/hold", {})
        return key

    def visit(self, **more: Any) -> str:
        asked = {"event_type_id": self.service.pk, "date": day(), "time": "03:00", "guest_name": "CANARY"}
        return json.dumps({**asked, **more})


NOTHING_THERE = "There is nothing at this address."
NO_KEY = "Send an API key in the X-API-Key header, or an access token in the Authorization header."
NOT_JSON = "The body is not valid JSON."
WRONG = "Some of the input is wrong."


def post(send: Send, body: str | bytes, **more: Any) -> HttpResponse:
    return send("POST", f"{PATH}/create", body, **more)


LAYERS: list[Layer] = [
    ("no such path", 404, "RESOURCE_NOT_FOUND", NOTHING_THERE, lambda send, _: send("GET", "/api/nothing")),
    ("no such path, posted", 404, "RESOURCE_NOT_FOUND", NOTHING_THERE,
     lambda send, _: send("POST", "/api/nothing", "{}")),
    ("no such path at a hospital's host", 404, "RESOURCE_NOT_FOUND", NOTHING_THERE,
     lambda send, _: send("GET", "/api/v1/nothing", host="ploy.localhost")),
    ("no such path at no hospital's host", 404, "RESOURCE_NOT_FOUND", NOTHING_THERE,
     lambda send, _: send("GET", "/api/v1/nothing", host="nowhere.localhost")),
    ("no such path at the host of a hospital that is switched off", 404, "RESOURCE_NOT_FOUND", NOTHING_THERE,
     lambda send, case: (case.switched_off(), send("GET", "/api/v1/nothing", host="ploy.localhost"))[1]),
    ("no such path under a hospital", 404, "RESOURCE_NOT_FOUND", NOTHING_THERE,
     lambda send, _: send("GET", f"{PATH}/a/b/c")),
    ("bytes that are no text in the path", 404, "RESOURCE_NOT_FOUND", NOTHING_THERE,
     lambda send, _: send("GET", "/api/%FF%00")),
    ("a host that is not ours", 400, "VALIDATION_ERROR", "The request cannot be understood.",
     lambda send, _: send("GET", f"{PATH}/event-types", host="evil.example")),
    ("no key", 401, "AUTH_REQUIRED", NO_KEY, lambda send, _: send("GET", f"{PATH}/event-types", key=None)),
    ("a wrong key", 401, "AUTH_INVALID", "This API key is not valid.",
     lambda send, _: send("GET", f"{PATH}/event-types", key="CANARY")),
    ("a scope that is lacking", 403, "PERMISSION_DENIED", "This API key, or your role, may not do this.",
     lambda send, case: send("GET", f"{PATH}/event-types", key=make_api_key(case.hospital, "read:patients"))),
    ("a hospital that is switched off", 403, "PERMISSION_DENIED",
     "This hospital does not take appointments here at present.",
     lambda send, case: (case.switched_off(), send("GET", f"{PATH}/event-types"))[1]),
    ("no such hospital", 404, "RESOURCE_NOT_FOUND", "There is no hospital by that name.",
     lambda send, _: send("GET", "/api/v1/tenants/nowhere/booking/event-types")),
    ("no such booking", 404, "RESOURCE_NOT_FOUND", "There is no booking with this reference.",
     lambda send, _: send("GET", f"{PATH}/CCCC-CCCC")),
    ("a wrong method", 405, "VALIDATION_ERROR", "", lambda send, _: send("PUT", f"{PATH}/event-types")),
    ("a wrong method at the document", 405, "VALIDATION_ERROR", "",
     lambda send, _: send("DELETE", "/api/schema/")),
    ("the page of it in a form that it does not come in", 406, "VALIDATION_ERROR", "",
     lambda send, _: send("GET", "/api/docs/")),
    ("a form at the document's script", 403, "PERMISSION_DENIED", "You may not do this.",
     lambda send, _: send("POST", "/api/redoc/redoc.js", "a=b")),
    ("a wrong type", 415, "VALIDATION_ERROR", "",
     lambda send, _: post(send, "<CANARY/>", content_type="text/xml")),
    ("no JSON", 400, "VALIDATION_ERROR", NOT_JSON, lambda send, _: post(send, '{"guest_name": "CANARY')),
    ("no UTF-8", 400, "VALIDATION_ERROR", NOT_JSON, lambda send, _: post(send, b'{"a": "\xff"}')),
    ("nested a hundred thousand times", 400, "VALIDATION_ERROR", NOT_JSON,
     lambda send, _: post(send, "[" * 100_000)),
    ("NaN", 400, "VALIDATION_ERROR", NOT_JSON, lambda send, _: post(send, '{"a": NaN}')),
    ("a name that comes twice", 400, "VALIDATION_ERROR", WRONG,
     lambda send, _: post(send, '{"date": 1, "date": 2}')),
    ("a NUL in a text", 400, "VALIDATION_ERROR", WRONG,
     lambda send, case: post(send, case.visit(time="10:00", guest_name="CANARY\0"))),
    ("a NUL in the query", 400, "VALIDATION_ERROR", WRONG,
     lambda send, _: send("GET", f"{PATH}/search?phone=%00")),
    ("too large", 413, "VALIDATION_ERROR", "The request is too large.",
     lambda send, case: post(send, case.visit(notes="x" * 2_000_000))),
    ("in chunks", 411, "VALIDATION_ERROR", "Send the length of the body in a Content-Length header.",
     lambda send, _: post(send, b"", transfer_encoding="chunked")),
    ("a wrong field", 400, "VALIDATION_ERROR", WRONG,
     lambda send, case: post(send, case.visit(date="CANARY"))),
    ("a wrong idempotency key", 400, "VALIDATION_ERROR", WRONG,
     lambda send, case: post(send, case.visit(), idempotency_key="a b")),
    ("outside working hours", 409, "CONFLICT", "This time is outside working hours.",
     lambda send, case: post(send, case.visit())),
    ("too many requests", 429, "RATE_LIMIT", "Too many requests. Please wait a moment and try again.",
     lambda send, case: send("POST", f"{PATH}/hold", "{}", key=case.limited())),
    ("a fault of ours", 500, "SERVER_ERROR", "Something went wrong on our side.",
     lambda send, case: (break_something(case.hospital), post(send, case.visit(time="10:00")))[1]),
]  # fmt: skip


def break_something(hospital: Any) -> None:
    """A column that every booking needs goes by another name; the test's transaction takes it back."""
    with inside(hospital), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings_appointment RENAME COLUMN guest_name TO gone")


def sender(language: str, accept: str, key: str) -> Send:
    """A client of that language that takes that form."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)

    def send(
        method: str, path: str, body: str | bytes = "", *, content_type: str = ENVELOPE, **headers: Any
    ) -> HttpResponse:
        every = {"host": "localhost", "accept-language": language, "accept": accept, "x-api-key": key}
        every |= {"x-api-key" if name == "key" else name.replace("_", "-"): v for name, v in headers.items()}
        given = {name: value for name, value in every.items() if value is not None}
        return client.generic(method, path, body, content_type=content_type, headers=given)

    return send


def in_language(language: str, message: str) -> str:
    with translation.override(language):
        return translation.gettext(message) if message else ""


def title_of(code: str, language: str) -> str:
    with translation.override(language):
        return str(TITLES[code])


def check_stamp(stamp: Any) -> None:
    assert stamp == STAMP
    assert abs(datetime.now(UTC) - datetime.fromisoformat(stamp)) < timedelta(minutes=1)


def check_envelope(answer: HttpResponse, code: str, message: str) -> None:
    assert answer["Content-Type"] == ENVELOPE
    body = answer.json()
    validator("ErrorEnvelope").validate(body)
    error = body["error"]
    assert (list(body), error["code"]) == (["error"], code)
    assert error["message"]
    assert message in ("", error["message"])
    check_stamp(error["timestamp"])


def check_problem(answer: HttpResponse, status: int, code: str, message: str, language: str) -> None:
    assert answer["Content-Type"] == PROBLEM
    body = answer.json()
    validator("Problem").validate(body)
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"] == title_of(code, language)
    assert body["detail"]
    assert message in ("", body["detail"])
    assert body["instance"] == answer["X-Request-ID"]
    assert body["type"].startswith("/api/problems/")
    assert ("errors" in body) != ("details" in body)
    assert code == "VALIDATION_ERROR" or "details" in body
    assert body.get("errors") != {}
    check_stamp(body["timestamp"])


@pytest.fixture
def case(hospital, check_up) -> Case:
    return Case(make_api_key(hospital), hospital, check_up)


@pytest.mark.parametrize("language", ["en", "th"])
@pytest.mark.parametrize(
    "accept", [ENVELOPE, f"application/json;q=0.5, {PROBLEM}"], ids=["envelope", "problem"]
)
@pytest.mark.parametrize(
    ("status", "code", "message", "ask"), [layer[1:] for layer in LAYERS], ids=[layer[0] for layer in LAYERS]
)
def test_every_layer_refuses_in_the_form_that_was_asked_for(
    case, accept, language, status, code, message, ask
):
    answer = ask(sender(language, accept, case.key), case)

    assert answer.status_code == status, answer.content
    words = in_language(language, message)
    if accept == ENVELOPE:
        check_envelope(answer, code, words)
    else:
        check_problem(answer, status, code, words, language)
    assert not [word for word in INTERNALS if word in answer.content]
    assert ("Retry-After" in answer) == (status == 429)
    assert ("WWW-Authenticate" in answer) == (status == 401)


def test_who_takes_no_json_is_told_so_in_json(case):
    answer = sender("en", "image/png", case.key)("GET", f"{PATH}/event-types")

    assert answer.status_code == 406
    check_envelope(answer, "VALIDATION_ERROR", "")


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (PROBLEM, PROBLEM),
        (f"text/html, {PROBLEM};q=0.1", PROBLEM),
        (f"{PROBLEM}; charset=utf-8", PROBLEM),
        ("APPLICATION/PROBLEM+JSON", PROBLEM),
        (f"application/json, {PROBLEM};q=0", ENVELOPE),
        (f"application/json, {PROBLEM};q=0.0", ENVELOPE),
        ("*/*", ENVELOPE),
        ("application/*", ENVELOPE),
        ("application/problem+xml, application/json", ENVELOPE),
        ("", ENVELOPE),
    ],
)
def test_problem_details_come_to_whoever_names_them(case, accept, wanted):
    answer = sender("en", accept, case.key)("GET", f"{PATH}/CCCC-CCCC")

    assert (answer.status_code, answer["Content-Type"]) == (404, wanted)


def test_who_takes_problems_alone_is_answered_in_json_when_there_is_none(case):
    answer = sender("en", PROBLEM, case.key)("GET", f"{PATH}/event-types")

    assert (answer.status_code, answer["Content-Type"]) == (200, ENVELOPE)


def test_a_problem_carries_what_the_envelope_does(case):
    plain = sender("en", ENVELOPE, case.key)("POST", f"{PATH}/create", case.visit()).json()["error"]
    problem = sender("en", PROBLEM, case.key)("POST", f"{PATH}/create", case.visit()).json()

    assert problem["details"] == plain["details"]
    assert len(problem["details"]["alternatives"]) == 3
    assert problem["type"] == "/api/problems/outside_hours"
    assert problem["instance"] == UUID or len(problem["instance"]) == 32


def test_the_document_tells_both_forms(db):
    schema = validator("Problem")

    assert isinstance(schema, Draft202012Validator)
    assert not schema.is_valid({"type": "x"})


def test_nothing_is_stored_by_what_is_refused(case):
    quiet = [layer for layer in LAYERS if layer[1] in (400, 404, 405, 411, 413, 415)]
    send = sender("en", ENVELOPE, case.key)

    with nothing_stored("rama"):
        for *_told, ask in quiet:
            ask(send, case)
    forget_hospitals()
