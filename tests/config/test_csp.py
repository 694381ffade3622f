"""The content-security policy: on every answer, strict, and kept by every page of ours."""

import re
from html.parser import HTMLParser

import pytest
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from core.errors import DomainError

# What no page may ever allow.
FORBIDDEN = {"'unsafe-inline'", "*", "http:", "https:", "'strict-dynamic'"}


def policy_of(answer) -> dict[str, list[str]]:
    rules = (rule.split() for rule in answer["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in rules}


class Inline(HTMLParser):
    """What a page holds that a browser would have to be told to run or to apply: `found`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_data = given.get("type") == "application/json"
        if tag == "style" or (
            tag == "script" and not is_data and not (given.get("src") or given.get("nonce"))
        ):
            self.found.append(f"<{tag}>")
        self.found += [
            f"{tag} {name}" for name in given if name == "style" or re.fullmatch(r"on[a-z]+", name)
        ]
        self.found += [f"{tag} {name}" for name, value in attrs if (value or "").startswith("javascript:")]


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("localhost", "/", 200),
        ("localhost", "/admin/login/", 200),
        ("localhost", "/health", 200),
        ("localhost", "/api/docs/", 200),
        ("localhost", "/api/redoc/", 200),
        ("localhost", "/api/v1/tenants/ploy/booking/event-types", 401),
        ("localhost", "/nothing/", 404),
        ("ploy.localhost", "/", 302),
        ("ploy.localhost", "/admin/login/", 200),
        ("ploy.localhost", "/admin/", 302),
        ("nowhere.localhost", "/admin/", 404),
        ("elsewhere.example", "/", 400),
    ],
)
def test_every_kind_of_answer_carries_the_policy_and_no_inline_script_or_style(hospital, host, path, status):
    answer = Client(headers={"host": host}).get(path)

    assert answer.status_code == status
    rules = policy_of(answer)
    assert rules["default-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["object-src"] == rules["script-src-attr"] == ["'none'"]
    assert rules["base-uri"] == rules["form-action"] == ["'self'"]
    assert not FORBIDDEN & {source for sources in rules.values() for source in sources}
    assert "Content-Security-Policy-Report-Only" not in answer
    if answer["Content-Type"].startswith("text/html"):
        assert Inline(answer.text).found == []


def test_pages_of_the_admin_alone_may_evaluate(hospital):
    def may(path: str) -> bool:
        answer = Client(headers={"host": "localhost"}).get(path)
        return "'unsafe-eval'" in policy_of(answer)["script-src"]

    assert may("/admin/login/")
    assert not any(may(path) for path in ("/", "/api/docs/", "/api/redoc/", "/nothing/"))


def test_a_script_in_a_page_is_allowed_by_the_nonce_of_that_answer_alone(rf):
    def answer() -> tuple[str, list[str]]:
        nonces: list[str] = []

        def view(request) -> HttpResponse:
            nonces.append(str(request.csp_nonce))
            return HttpResponse()

        sources = policy_of(CSPMiddleware(view)(rf.get("/")))["script-src"]
        return nonces[0], sources

    (one, sources), (other, _) = answer(), answer()
    assert one != other
    assert sources == ["'self'", f"'nonce-{one}'"]


def test_the_policy_stands_around_all_other_middleware():
    assert settings.MIDDLEWARE[0] == "csp.middleware.CSPMiddleware"
    assert not hasattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY")


def test_a_page_that_fails_carries_the_policy_too(hospital, monkeypatch):
    def broken(*_args: object, **_more: object) -> None:
        raise DomainError

    monkeypatch.setattr("tenants.views.render", broken)
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    assert "default-src" in policy_of(client.get("/"))
