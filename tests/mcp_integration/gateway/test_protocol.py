import gzip
import json
import socket

import pytest

from tests.mcp_integration.gateway.serving import Gateway, error_in

INVOKE = "/api/mcp/tools/invoke"
CALL = {"tool": "get_event_types"}


def send(gateway, content, *, path=INVOKE, kind="application/json", **headers):
    return gateway.ask("POST", path, content=content, headers={"Content-Type": kind, **headers})


@pytest.mark.parametrize("path", [INVOKE, "/api/mcp/batch"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"nonsense", "body"),
        (b"\xff\xfe{}", "body"),
        (b'{"tool": NaN}', "body"),
        (b"[" * 100 + b"]" * 100, "body"),
        (b"[" * 100_000, "body"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b"null", "body"),
        (b'{"surprise": 1}', "surprise"),
    ],
)
def test_a_body_that_is_no_object_of_ours_is_refused(by_key, path, body, field):
    error = error_in(send(by_key(), body, path=path), 400, "VALIDATION_ERROR")

    assert list(error["details"]["fields"]) == [field]
    assert error["details"]["reason"] == "invalid"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "tool"),
        ({"tool": None}, "tool"),
        ({"tool": ""}, "tool"),
        ({"tool": "x" * 65}, "tool"),
        ({"tool": ["get_event_types"]}, "tool"),
        ({"tool": "get_event_types", "params": None}, "params"),
        ({"tool": "get_event_types", "params": "subdomain"}, "params"),
        ({"tool": "get_event_types", "arguments": {}}, "arguments"),
    ],
)
def test_a_call_that_is_no_call_names_what_is_wrong(by_key, body, field):
    error = error_in(by_key().post(INVOKE, body), 400, "VALIDATION_ERROR")

    assert list(error["details"]["fields"]) == [field]


@pytest.mark.parametrize(
    "body",
    [
        r'{"tool": "get_event_types", "params": {"subdomain": "\ud800"}}',
        r'{"tool": "get_event_types", "params": {"\ud800": 1}}',
        r'{"tool": "search_appointments", "params": {"phone": "\ud83d"}}',
        r'{"\ud800": 1}',
    ],
)
def test_half_a_character_is_refused_and_not_said_back(by_key, body):
    error_in(send(by_key(), body), 400, "VALIDATION_ERROR")


def test_a_name_given_twice_is_refused_wherever_it_stands(by_key):
    gateway = by_key()

    for body in ('{"tool": "a", "tool": "b"}', '{"tool": "a", "params": {"tool": 1, "tool": 2}}'):
        error = error_in(send(gateway, body), 400, "VALIDATION_ERROR")
        assert list(error["details"]["fields"]) == ["tool"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_taken(by_key, kind):
    error_in(send(by_key(), json.dumps(CALL), kind=kind), 415, "VALIDATION_ERROR")


def test_json_in_any_spelling_of_its_type_is_taken(by_key, visit):
    gateway = by_key()

    for kind in ("application/json; charset=latin-1", "Application/JSON"):
        assert send(gateway, json.dumps(CALL), kind=kind).status_code == 200
    assert send(gateway, b"\xef\xbb\xbf" + json.dumps(CALL).encode()).status_code == 200


def test_a_packed_body_is_refused(by_key):
    packed = gzip.compress(json.dumps(CALL).encode())

    error_in(send(by_key(), packed, **{"Content-Encoding": "gzip"}), 415, "VALIDATION_ERROR")


def test_a_body_over_the_limit_is_refused_with_and_without_a_length(by_key):
    gateway = by_key()
    large = b'{"tool": "' + b"x" * 1024 * 1024 + b'"}'

    error_in(send(gateway, large), 413, "VALIDATION_ERROR")
    error_in(send(gateway, iter([large[:600_000], large[600_000:]])), 413, "VALIDATION_ERROR")


def test_a_body_in_chunks_is_read(by_key, visit):
    text = json.dumps(CALL).encode()

    assert send(by_key(), iter([text[:5], text[5:]])).status_code == 200


def test_a_body_that_does_not_arrive_is_not_waited_for(by_key, port, monkeypatch):
    monkeypatch.setattr("mcp_integration.gateway.endpoint.BODY_SECONDS", 0.3)
    key = by_key().headers["X-API-Key"]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        head = f"POST {INVOKE} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\nContent-Length: 50\r\n"
        line.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
        answer = line.recv(4096).decode()

    assert answer.startswith("HTTP/1.1 408")
    assert '"VALIDATION_ERROR"' in answer


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (INVOKE, "POST"),
        ("/api/mcp/batch", "POST"),
        ("/api/tools", "GET, HEAD"),
        ("/api/mcp/resources/doctors", "GET, HEAD"),
        ("/api/mcp/resources/doctors/1", "GET, HEAD"),
        ("/api/mcp/resources/analytics/dashboard", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_refused(by_key, path, allowed, method):
    if method in allowed:
        return
    answer = by_key().ask(method, path)

    error_in(answer, 405, "VALIDATION_ERROR")
    assert answer.headers["allow"] == allowed


def test_head_is_get_without_the_body(by_key):
    gateway = by_key()

    got, head = gateway.get("/api/tools"), gateway.ask("HEAD", "/api/tools")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-length"] == got.headers["content-length"]


def test_answers_are_kept_by_nobody_on_the_way(by_key, visit):
    gateway = by_key()

    assert gateway.invoke("get_event_types").headers["cache-control"] == "no-store"
    assert gateway.invoke("nothing").headers["cache-control"] == "no-store"
    assert gateway.get("/api/mcp/resources/doctors").headers["cache-control"] == "private, no-cache"


def test_a_key_and_a_token_at_once_are_one_too_many(by_role, by_key):
    gateway = by_role("NURSE")

    answer = gateway.post(INVOKE, CALL, headers={"X-API-Key": by_key().headers["X-API-Key"]})

    assert list(error_in(answer, 400, "VALIDATION_ERROR")["details"]["fields"]) == ["Authorization"]


def test_who_is_unknown_learns_nothing_of_what_is_wrong_with_the_body(port, fresh_hospital):
    error_in(send(Gateway(port), b"nonsense"), 401, "AUTH_REQUIRED")


@pytest.mark.parametrize("language", ["th", "en", "th-TH,en;q=0.5", "fr, en;q=0.1"])
def test_what_fails_before_a_tool_speaks_the_caller_s_language(port, fresh_hospital, language):
    answer = Gateway(port, language=language).ask("GET", "/api/tools?group=booking&group=booking")

    message = error_in(answer, 400, "VALIDATION_ERROR")["message"]
    assert message.isascii() == (not language.startswith("th"))
