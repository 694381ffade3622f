"""What goes wrong before any view of ours: at the server's own door, and when the database is away."""

import io
import socket

import pytest
from django.core.signals import request_started
from django.db import close_old_connections, connection
from django.test import Client, RequestFactory
from django.utils import translation

from apikeys.keys import forget_keys
from config.wsgi import application
from tenants.directory import forget_hospitals
from tests.api.wire import refusal
from tests.conftest import make_api_key

PROBLEM = "application/problem+json"


def through_wsgi(
    path: str, *, key: str, body: bytes = b"", **environ: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask as a web server does, with a Content-Type that Django's own test client would not send."""
    asked = RequestFactory(headers={"x-api-key": key, "accept-language": "en"})._base_environ(
        PATH_INFO=path, **{"wsgi.input": io.BytesIO(body), **environ}
    )
    told: list[tuple[str, list[tuple[str, str]]]] = []
    # It would close the connection, and with it the test's transaction; Django's test client does the same.
    request_started.disconnect(close_old_connections)
    try:
        answer = application(asked, lambda status, headers, _info=None: told.append((status, headers)))
    finally:
        request_started.connect(close_old_connections)
    content = b"".join(answer)
    status, headers = told[0]
    return int(status[:3]), dict(headers), content


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=hex", "application/json; charset=base64",
        "application/json; charset=rot13", "application/json; charset=\x00",
        "application/json; charset=utf-16", "application/json; charset=utf-7",
        "application/json; charset*=bogus''x", "application/json; x*=bogus''%41",
        "application/json; charset=idna", "application/json; charset=undefined",
        "application/json; charset=" + "a" * 100_000, "; charset=", ";;;", "\xff\xfe",
    ],
    ids=lambda text: ascii(text[:40]),
)  # fmt: skip
def test_no_content_type_stops_a_request_before_we_answer(hospital, check_up, content_type):
    path = "/api/v1/tenants/ploy/booking/event-types"

    status, headers, _content = through_wsgi(
        path, key=make_api_key(hospital), CONTENT_TYPE=content_type, QUERY_STRING="a=%E0%B8%81&b=\xff"
    )

    assert (status, headers["Content-Type"]) == (200, "application/json")


def test_a_body_is_read_as_utf_8_whatever_codec_its_type_names(hospital, check_up):
    body = '{"guest_name": "กขค"}'.encode()

    status, _headers, content = through_wsgi(
        "/api/v1/tenants/ploy/booking/create",
        key=make_api_key(hospital),
        body=body,
        CONTENT_TYPE="application/json; charset=hex",
        REQUEST_METHOD="POST",
        CONTENT_LENGTH=str(len(body)),
    )

    assert status == 400
    assert b"guest_name" not in content


@pytest.mark.parametrize(
    ("length", "status"),
    [("99999999999999999999", 413), ("2000000", 413), ("-1", 400), ("x", 400), ("", 400)],
)
def test_a_length_that_cannot_be_is_refused(hospital, check_up, length, status):
    told, headers, _content = through_wsgi(
        "/api/v1/tenants/ploy/booking/create",
        key=make_api_key(hospital),
        body=b"{}",
        CONTENT_TYPE="application/json",
        REQUEST_METHOD="POST",
        CONTENT_LENGTH=length,
    )

    assert (told, headers["Content-Type"]) == (status, "application/json")


# ── without a database ────────────────────────────────────────────────────────
@pytest.fixture
def nobody_home(fresh_hospital):
    """Every new connection meets a port at which nobody listens, and nothing is remembered."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        nobody = listener.getsockname()[1]
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = nobody
    forget_hospitals()
    forget_keys()
    yield
    connection.close()
    connection.settings_dict["PORT"] = port


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("localhost", "/api/v1/tenants/fresh/booking/event-types"),
        ("fresh.localhost", "/api/v1/nothing"),
        ("fresh.localhost", "/api/docs/"),
        ("localhost", "/api/v1/webhooks/"),
    ],
)
def test_the_api_says_503_when_the_connection_dies_before_any_view(nobody_home, host, path):
    key = "nadmor_aaaaaaaaaa_" + "a" * 32 + "_aaaaaa"
    client = Client(raise_request_exception=False, headers={"host": host, "x-api-key": key})

    plain, problem = (
        client.get(path, headers={"accept": accept}) for accept in ("application/json", PROBLEM)
    )
    if plain.status_code == 401:  # mistyped: refused without a question to the database
        return

    assert refusal(plain, 503, "SERVER_ERROR") == {}
    assert (problem.status_code, problem["Content-Type"]) == (503, PROBLEM)
    assert int(plain["Retry-After"]) == int(problem["Retry-After"]) == 2


@pytest.mark.parametrize(("language", "word"), [("en", "We will be back in a moment"), ("th", None)])
@pytest.mark.parametrize(("host", "path"), [("fresh.localhost", "/admin/"), ("localhost", "/")])
def test_a_browser_gets_a_small_page(nobody_home, host, path, language, word):
    client = Client(raise_request_exception=False, headers={"host": host, "accept-language": language})

    page = client.get(path)

    assert page.status_code == 503
    assert int(page["Retry-After"]) == 2
    assert page["Content-Type"] == "text/html; charset=utf-8"
    html = page.content.decode()
    assert f'<html lang="{language}"' in html
    with translation.override(language):
        assert translation.gettext("We will be back in a moment") in html
    assert word is None or word in html
    told = ("psycopg", "Traceback", "127.0.0.1", "OperationalError")
    assert not [inside for inside in told if inside in html]
