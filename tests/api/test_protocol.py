"""Methods, media types, headers and addresses: whatever goes wrong leaves in the envelope."""

import pytest
from django.test import Client

from tests.api.operations import METHODS, OPERATIONS
from tests.api.stored import nothing_stored
from tests.api.wire import JSON, refusal, send

BY_ROUTE = {one.route: {two.method for two in OPERATIONS if two.route == one.route} for one in OPERATIONS}
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


def right_methods(operation) -> set[str]:
    own = BY_ROUTE[operation.route]
    return own | ({"HEAD"} if "GET" in own else set())


def wrong_methods(operation) -> list[str]:
    return [one for one in (*METHODS, "TRACE", "PROPFIND") if one not in right_methods(operation)]


@each_operation
def test_another_method_is_405_and_names_those_that_are_allowed(rest, ids, operation):
    path = operation.path.format(**ids)
    assert len(wrong_methods(operation)) >= 6

    with nothing_stored("ploy"):
        answers = {method: send(rest, method, path) for method in wrong_methods(operation)}

    for method, answer in answers.items():
        assert {one.strip() for one in answer["Allow"].split(",")} == right_methods(operation)
        if method == "HEAD":
            assert (answer.status_code, answer.content) == (405, b"")
        else:
            assert refusal(answer, 405, "VALIDATION_ERROR") == {}


@each_operation
def test_a_wrong_method_without_a_key_is_401(rest, ids, operation):
    rest.key = None

    for method in wrong_methods(operation):
        if method != "HEAD":
            refusal(send(rest, method, operation.path.format(**ids)), 401, "AUTH_REQUIRED", "key_required")


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.method == "GET"], ids=str)
def test_head_is_get_without_the_body(rest, ids, operation):
    with nothing_stored():
        answer = operation.ask(rest, ids, method="HEAD")

    told = operation.ask(rest, ids)
    assert (answer.status_code, answer.content) == (200, b"")
    assert told.content
    assert answer["Content-Type"] == told["Content-Type"]


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.name != "ics"], ids=str)
def test_who_does_not_take_json_is_told_so_in_json(rest, ids, operation):
    kinds = ("text/html", "application/xml", "image/*", "garbage", "text/*;q=1, image/png")

    with nothing_stored("ploy"):
        answers = [operation.ask(rest, ids, accept=kind) for kind in kinds]

    for answer in answers:
        assert refusal(answer, 406, "VALIDATION_ERROR") == {}


@pytest.mark.parametrize(
    "accept",
    [
        "*/*", "application/json", "application/*", "text/html, */*;q=0.1",
        "application/json;charset=utf-7", "", ",",
        "application/json; indent=4", "APPLICATION/JSON",
    ],
)  # fmt: skip
def test_who_takes_json_among_others_gets_plain_json(rest, check_up, accept):
    plain = rest.get("/event-types")
    answer = rest.get("/event-types", headers={"Accept": accept})

    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, JSON, plain.content)


@pytest.mark.parametrize("asked", ["xml", "api", "json", "\0"])
def test_there_is_no_format_in_the_query(rest, check_up, asked):
    assert rest.get("/event-types", format=asked).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api", "/api/", "/api/v1/", "/api/v2/tenants/ploy/booking/event-types", "/api/v1/tenants/",
        "/api/v1/tenants/ploy", "/api/v1/tenants/ploy/", "/api/v1/tenants/ploy/booking",
        "/api/v1/tenants/ploy/booking/", "/api/v1/tenants/ploy/booking/event-types/",
        "/api/v1/tenants/ploy/booking/availability/abc", "/api/v1/tenants/ploy/booking/availability/-1",
        "/api/v1/tenants/ploy/booking/availability/1.5",
        "/api/v1/tenants/ploy/booking/availability/" + "9" * 5000,
        "/api/v1/tenants/ploy/booking/availability/%00", "/api/v1/tenants/ploy/booking/availability/1/weeks",
        "/api/v1/tenants/ploy/patients", "/api/v1//tenants/ploy/booking/event-types", "/api/%FF", "/api/%00",
        "/api/v1/tenants/ploy/booking/%ED%A0%80",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_address_is_404(rest, method, path):
    answer = rest.client.generic(method, path, headers=rest.headers())

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {}


@pytest.mark.parametrize(
    "subdomain",
    [
        "nowhere",
        "PLOY",
        "ploy%20",
        "pl%00oy",
        "%00",
        "ploy%0A",
        "public",
        "%FF%FE",
        "%ED%A0%80",
        "..",
        "a" * 5000,
        "'",
        "-",
    ],
)
@pytest.mark.parametrize("path", ["event-types", "CCCC-CCCC", "search?phone=x"])
def test_an_unknown_hospital_is_404(rest, subdomain, path):
    with nothing_stored():
        answer = rest.client.get(f"/api/v1/tenants/{subdomain}/booking/{path}", headers=rest.headers())

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "hospital_not_found"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_event_type_is_404(rest, check_up, method):
    for number in (check_up.pk + 1000, 2**31 - 1, 2**31, 2**63, 10**30, 0):
        for path in (f"/availability/{number}?date=2026-11-20", f"/availability/{number}/days?month=2026-11"):
            answer = send(rest, "GET", path)
            assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "event_type_not_found"}


def test_a_host_that_is_not_ours_is_refused_in_the_envelope(rest):
    answer = rest.client.get(rest.base + "/event-types", headers={**rest.headers(), "host": "evil.example"})

    assert refusal(answer, 400, "VALIDATION_ERROR") == {}
    assert b"evil" not in answer.content


@each_operation
def test_every_answer_is_marked_not_to_be_kept_sniffed_or_framed(rest, ids, operation):
    for answer in (operation.ask(rest, ids), operation.ask(rest, ids, x_api_key="x")):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert "Set-Cookie" not in answer
        assert "Access-Control-Allow-Origin" not in answer
        assert "Server" not in answer


def test_a_signed_in_browser_without_a_key_is_nobody_here(hospital, people):
    from tests.conftest import signed_in  # noqa: PLC0415

    browser: Client = signed_in(people.admin, "ploy.localhost")

    answer = browser.get("/api/v1/tenants/ploy/booking/event-types")

    refusal(answer, 401, "AUTH_REQUIRED", "key_required")
