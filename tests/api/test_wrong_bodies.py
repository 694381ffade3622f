"""Bodies that are no JSON object, and worse: refused with `body` named, and nothing is stored."""

import json
import zlib

import pytest

from tests.api.stored import nothing_stored
from tests.api.wire import all_wrong, day, refusal, send, wrong

DEEP = 10_000


@pytest.fixture(
    params=[
        "/create", "/hold", "/{reference}/cancel", "/{reference}/reschedule",
        "/waiting-list", "/waiting-list/{entry}/accept", "/waiting-list/{entry}/decline",
    ]
)  # fmt: skip
def path(request, offer, ids) -> str:
    """Each path that takes a body."""
    return request.param.format(**ids)


NOT_OBJECTS = [b"[]", b"[{}]", b'"text"', b"5", b"1.5", b"true", b"false", b"null", b'""', b"0"]
NOT_JSON = {
    "a word": b"hello",
    "half an object": b'{"date": "2026-11-20"',
    "single quotes": b"{'date': 1}",
    "a trailing comma": b'{"date": 1,}',
    "two objects": b"{}{}",
    "a comment": b"{} // {}",
    "NaN": b'{"event_type_id": NaN}',
    "Infinity": b'{"event_type_id": -Infinity}',
    "a form": b"event_type_id=1&date=2026-11-20",
    "invalid UTF-8": b'{"guest_name": "\xff\xfe"}',
    "half a character": b'{"guest_name": "\xe0\xb8"}',
    "Latin-1": '{"guest_name": "é"}'.encode("latin-1"),
    "UTF-16": '{"guest_name": "Malee"}'.encode("utf-16"),
    "a raw NUL": b'{"guest_name": "a\0b"}',
    "a raw line break": b'{"guest_name": "a\nb"}',
    "only spaces": b"  \n ",
    "a number too long to read": b'{"event_type_id": ' + b"9" * 5000 + b"}",
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep lists in a field": b'{"guest_name": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep where nobody looks": b'{"colour": ' + b"[" * 900 + b"]" * 900 + b"}",
    "deep and never closed": b"[" * DEEP,
    "compressed": zlib.compress(b"{}"),
}


def test_json_that_is_no_object_is_refused(rest, path):
    with nothing_stored("ploy"):
        answers = [(body, send(rest, "POST", path, body)) for body in NOT_OBJECTS]

    all_wrong(answers, "body")


@pytest.mark.parametrize("key", [{}, {"idempotency_key": "k"}], ids=["plain", "with a key"])
def test_what_is_no_json_is_refused(rest, path, key):
    with nothing_stored("ploy"):
        # With a key the whole body is looked at, also the parts that no field takes.
        answers = [(name, send(rest, "POST", path, body, **key)) for name, body in NOT_JSON.items()]

    all_wrong(answers, "body")


@pytest.mark.parametrize(
    "charset", ["zlib", "bz2", "rot13", "utf-16", "utf-7", "latin-1", "idna", "nonsense"]
)
def test_a_body_is_utf_8_whatever_the_header_says(rest, visit, charset):
    body, kind = (
        json.dumps(visit(guest_name="มาลี"), ensure_ascii=False).encode(),
        f"application/json; charset={charset}",
    )

    with nothing_stored("ploy"):
        wrong(send(rest, "POST", "/create", zlib.compress(body), content_type=kind), "body")
    answer = send(rest, "POST", "/create", body, content_type=kind)

    assert (answer.status_code, answer.json()["guest_name"]) == (201, "มาลี")


@pytest.mark.parametrize("charset", ["utf-16", "cp037"])
def test_a_query_is_utf_8_whatever_the_header_says(rest, booked, charset):
    booked(guest_email="malee@example.org")
    kind = f"application/json; charset={charset}"

    # Only with a body has a request a type.
    answer = send(rest, "GET", "/search?email=malee%40example.org", b"{}", content_type=kind)

    assert (answer.status_code, answer.json()["count"]) == (200, 1)


def test_a_byte_order_mark_is_passed_over(rest, visit):
    answer = send(rest, "POST", "/create", b"\xef\xbb\xbf" + json.dumps(visit()).encode())

    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["/create", "/hold"])
def test_an_empty_body_lacks_every_field(rest, check_up, path):
    with nothing_stored():
        answer = send(rest, "POST", path, b"")

    details = refusal(answer, 400, "VALIDATION_ERROR")
    assert {"event_type_id", "date", "time"} <= set(details)


def test_a_field_that_is_given_twice_is_refused_by_its_name(rest, visit):
    whole = json.dumps(visit())
    body = whole[:-1] + ', "guest_name": "Somebody Else"}'
    assert json.loads(body)["guest_name"] == "Somebody Else"

    with nothing_stored():
        answer = send(rest, "POST", "/create", body.encode())

    assert wrong(answer, "guest_name") == {"guest_name": ["This field is given twice."]}


def test_an_odd_name_that_is_given_twice_is_not_repeated(rest, check_up):
    with nothing_stored():
        answer = send(rest, "POST", "/create", rb'{"\ud800<b>": 1, "\ud800<b>": 2}')

    assert wrong(answer, "body") == {"body": ["This field is given twice."]}


def test_a_body_in_chunks_is_refused_and_not_taken_for_an_empty_one(rest, path):
    # As the web server hands it on: no length, and a stream that Django does not read without one.
    with nothing_stored("ploy"):
        answer = send(rest, "POST", path, b"", transfer_encoding="chunked")

    assert refusal(answer, 411, "VALIDATION_ERROR") == {}


@pytest.mark.parametrize("field", ["guest_name", "notes", "colour"])
def test_a_body_of_two_megabytes_is_refused_unread(rest, visit, field):
    with nothing_stored():
        answer = rest.post("/create", visit(**{field: "x" * 2_000_000}))

    assert refusal(answer, 413, "VALIDATION_ERROR") == {}


def test_a_body_just_below_the_limit_is_read_and_its_long_field_is_refused(rest, visit):
    with nothing_stored():
        answer = rest.post("/create", visit(guest_name="x" * 1_000_000))

    wrong(answer, "guest_name")


def test_a_body_within_the_depth_that_is_read_is_taken(rest, visit):
    deep: list = []
    for _ in range(15):
        deep = [deep]

    assert rest.post("/create", visit(colour=deep), headers={"Idempotency-Key": "k"}).status_code == 201


KINDS = (
    "", "text/plain", "text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "application/xml", "application/vnd.api+json", "application/jsonp", "garbage",
)  # fmt: skip


def test_another_content_type_than_json_is_415(rest, path):
    with nothing_stored("ploy"):
        answers = [send(rest, "POST", path, b'{"date": "2026-11-20"}', content_type=kind) for kind in KINDS]

    for answer in answers:
        assert refusal(answer, 415, "VALIDATION_ERROR") == {}


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;x=y"]
)
def test_json_by_any_spelling_of_its_name_is_taken(rest, check_up, kind):
    body = json.dumps({"event_type_id": check_up.pk, "date": day(), "time": "09:00"}).encode()

    assert send(rest, "POST", "/hold", body, content_type=kind).status_code == 201
