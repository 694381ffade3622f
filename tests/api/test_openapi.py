"""The OpenAPI document: valid, complete, in step with the code, and true (contract.py holds every answer)."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.contract import component_of, document, operations, validator
from tests.api.operations import routes

FILE = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
BASE = "/api/v1/tenants/{subdomain}/booking"

# As the specification lists them.
SPECIFIED = {
    ("get", "/event-types"),
    ("get", "/availability/{event_type_id}"),
    ("get", "/availability/{event_type_id}/days"),
    ("post", "/create"),
    ("post", "/hold"),
    ("delete", "/hold/{hold_id}"),
    ("get", "/search"),
    ("get", "/{reference}"),
    ("post", "/{reference}/cancel"),
    ("post", "/{reference}/reschedule"),
    ("post", "/{reference}/rating"),
    ("get", "/{reference}.ics"),
    ("get", "/waiting-list"),
    ("post", "/waiting-list"),
    ("get", "/waiting-list/{entry_id}"),
    ("delete", "/waiting-list/{entry_id}"),
    ("post", "/waiting-list/{entry_id}/accept"),
    ("post", "/waiting-list/{entry_id}/decline"),
}
HOOKS = "/api/v1/webhooks"
WEBHOOKS = {
    ("post", "/register"),
    ("get", "/"),
    ("get", "/{webhook_id}"),
    ("patch", "/{webhook_id}"),
    ("delete", "/{webhook_id}"),
    ("post", "/{webhook_id}/rotate-secret"),
    ("post", "/{webhook_id}/test"),
    ("post", "/{webhook_id}/recover"),
    ("get", "/{webhook_id}/deliveries"),
    ("get", "/{webhook_id}/deliveries/{delivery_id}"),
    ("post", "/{webhook_id}/deliveries/{delivery_id}/resend"),
}
# Where one signs in: open to everybody, at every host.
LOGIN = {("post", f"/api/auth/{name}/") for name in ("login", "refresh", "logout")}
EVENT_TYPE = (
    "id", "slug", "name", "name_th", "name_en", "description", "duration_minutes", "price", "currency",
    "capacity",
    "specialty", "providers",
)  # fmt: skip
SLOT = ("start", "end", "time", "provider", "seats_left")
BOOKING = (
    "reference", "status", "event_type", "provider", "start", "end", "timezone", "guest_name", "guest_email",
    "guest_phone", "notes", "source", "created_at", "updated_at",
)  # fmt: skip
SHAPES = {
    "EventType": EVENT_TYPE,
    "Slot": SLOT,
    "Booking": BOOKING,
    "EventTypeList": ("results", "count"),
    "Availability": ("event_type_id", "timezone", "slots", "count"),
    "Month": ("event_type_id", "timezone", "month", "days"),
    "Hold": ("hold_id", "expires_at", "slot"),
    "BookingPage": ("results", "count", "next_cursor"),
    "Error": ("code", "message", "details", "timestamp"),
}

CHANGES = {said["operationId"] for _, method, said in operations() if method != "get"}
each_operation = pytest.mark.parametrize(
    "said", [said for _, _, said in operations()], ids=[said["operationId"] for _, _, said in operations()]
)


def test_the_document_is_valid_openapi_3_1():
    assert document()["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(json.loads(json.dumps(document()))).iter_errors()) == []


def test_it_describes_every_path_of_the_specification_and_nothing_else():
    described = {(method, path) for path, method, _ in operations()}

    webhooks = {(method, HOOKS + path) for method, path in WEBHOOKS}
    assert described == LOGIN | webhooks | {(method, BASE + path) for method, path in SPECIFIED}


def test_it_describes_every_route_of_the_urlconf():
    found = [*routes(), *routes(prefix="api/v1/webhooks/")]
    offered = {"/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route) for route, _ in found}

    assert offered | {path for _, path in LOGIN} == set(document()["paths"])


@pytest.mark.parametrize("name", SHAPES)
def test_the_shapes_of_the_specification_are_there_and_their_fields_always_come(name):
    schema = document()["components"]["schemas"][name]

    assert set(SHAPES[name]) <= set(schema["properties"])
    assert set(SHAPES[name]) <= set(schema["required"])


def is_login(said: dict) -> bool:
    return said["tags"] == ["login"]


@each_operation
def test_an_operation_has_a_name_a_summary_and_what_it_needs_and_answers(said):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", said["operationId"])
    assert said["summary"]
    assert said["description"]
    assert said.get("security") == (None if is_login(said) else [{"ApiKey": []}, {"Bearer": []}])
    assert all(one.get("description") or one["name"] in PATH_IDS for one in said.get("parameters", []))


PATH_IDS = ("event_type_id", "hold_id", "reference", "entry_id", "webhook_id", "delivery_id")


def test_operation_names_are_unique():
    names = [said["operationId"] for _, _, said in operations()]

    assert len(set(names)) == len(names)


@each_operation
def test_an_operation_tells_its_refusals_in_the_envelope(said):
    responses = said["responses"]

    assert {"400", "401", "403", "404", "default"} <= set(responses)
    assert is_login(said) or ("409" in responses) == (said["operationId"] in CHANGES)
    for status, response in responses.items():
        if status not in ("200", "201", "204"):
            assert component_of(response) == "ErrorEnvelope"
            assert response["description"]


@each_operation
def test_an_operation_that_is_kept_by_a_key_tells_so(said):
    names = {one["name"] for one in said.get("parameters", [])}

    assert is_login(said) or ("Idempotency-Key" in names) == (said["operationId"] in CHANGES)


def examples(content: dict) -> list:
    return [one["value"] for one in content.get("examples", {}).values()]


@each_operation
def test_an_operation_shows_examples_that_fit_its_schemas(said):
    shown = 0
    for body in [said.get("requestBody"), *said["responses"].values()]:
        json_content = (body or {}).get("content", {}).get("application/json", {})
        for value in examples(json_content):
            validator(component_of(body)).validate(value)
        for content in (body or {}).get("content", {}).values():
            shown += len(examples(content))
    answered = next(response for status, response in said["responses"].items() if status.startswith("2"))

    assert shown >= 1
    if "content" in answered:
        assert all(examples(content) for content in answered["content"].values())
    if "requestBody" in said:
        assert examples(said["requestBody"]["content"]["application/json"])


def test_the_key_and_the_token_are_told_to_be_headers():
    assert document()["components"]["securitySchemes"] == {
        "ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "Bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    }


def test_times_and_months_are_told_with_their_form():
    fields = document()["components"]["schemas"]

    assert fields["CreateBookingRequest"]["properties"]["time"]["example"] == "09:30"
    assert fields["RescheduleBookingRequest"]["properties"]["new_time"]["pattern"].startswith("^[0-9]{2}:")
    month = next(
        one for one in document()["paths"][f"{BASE}/availability/{{event_type_id}}/days"]["get"]["parameters"]
        if one["name"] == "month"
    )  # fmt: skip
    assert (month["required"], month["schema"]["pattern"]) == (True, "^[0-9]{4}-[0-9]{2}$")


def test_the_written_document_is_what_the_code_says(tmp_path):
    rendered = tmp_path / "openapi.yaml"

    call_command("spectacular", lang="en", validate=True, fail_on_warn=True, file=str(rendered))

    assert rendered.read_text() == FILE.read_text(), "run `make openapi`"


@pytest.mark.parametrize(
    ("asked", "kind", "read"),
    [
        ({}, "application/vnd.oai.openapi", yaml.safe_load),
        ({"format": "json"}, "application/vnd.oai.openapi+json", json.loads),
    ],
)
@pytest.mark.parametrize("host", ["localhost", "ploy.localhost"])
def test_the_document_is_served_on_every_host_to_everybody(db, asked, kind, read, host):
    answer = Client().get("/api/schema/", asked, headers={"host": host, "Accept-Language": "en"})

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(kind)
    assert read(answer.content) == json.loads(json.dumps(document()))
