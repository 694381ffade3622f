"""Swagger UI and ReDoc: everything comes from here, and nothing from another site."""

import re
from contextlib import closing
from html.parser import HTMLParser

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

PAGES = ["/api/docs/", "/api/redoc/"]
_FROM_HERE = {"'self'", "'none'", "data:", "blob:"}
each_page = pytest.mark.parametrize("page", PAGES)


class Links(HTMLParser):
    """Every address that a page makes a browser fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  -- its signature
        fetched = ("src", "href", "srcset", "action", "data", "poster", "spec-url")
        self.found += [value for name, value in attrs if name in fetched and value]


def html_of(page: str) -> str:
    answer = Client().get(page)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    return answer.content.decode()


@each_page
def test_the_page_names_no_other_site(db, page):
    html = html_of(page)

    assert re.findall(r"(?:https?:)?//[^\s\"'<>)]+", html) == []
    assert "@import" not in html


@each_page
def test_all_that_it_loads_is_served_by_ourselves(db, page):
    links = Links(html_of(page)).found

    assert len(links) >= 2
    for link in links:
        assert link.startswith(("/static/", "/api/", "data:"))
        if link.startswith("/static/"):
            assert finders.find(link.removeprefix("/static/")), link
            with closing(Client().get(link)) as answer:
                assert answer.status_code == 200
                assert sum(len(part) for part in answer.streaming_content) > 0


def test_the_bundle_of_redoc_names_no_picture_of_another_site(db):
    answer = Client().get("/api/redoc/redoc.js")

    assert answer["Content-Type"] == "text/javascript"
    assert b"redocly logo" in answer.content
    assert re.findall(rb"https?://[^\"']+\.(?:svg|png|css|woff2?)\b", answer.content) == []


@each_page
def test_the_page_shows_our_document(db, page):
    # Swagger UI is told by its script, which has an address of its own.
    loaded = [Client().get(link).text for link in Links(html_of(page)).found if "script=" in link]

    assert "/api/schema/" in html_of(page) + "".join(loaded)


@each_page
def test_the_browser_is_told_to_load_nothing_from_elsewhere(db, page):
    policy = Client().get(page)["Content-Security-Policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";") if rule.strip()}

    assert rules["default-src"] == rules["script-src"] == ["'self'"]
    assert rules["frame-ancestors"] == ["'none'"]
    # ReDoc's style sheets, by their texts; the browser tests say that there are no others.
    sources = {source for listed in rules.values() for source in listed}
    assert {source for source in sources if not source.startswith("'sha256-")} <= _FROM_HERE


@each_page
def test_there_is_a_page_for_everybody_on_every_host(db, hospital, page):
    for host in ("localhost", "ploy.localhost"):
        assert Client().get(page, headers={"host": host}).status_code == 200


def test_swagger_does_not_ask_another_site_whether_the_document_is_valid(db):
    html = html_of("/api/docs/")

    # The badge belongs to the standalone layout, which is not asked for.
    assert "StandaloneLayout" not in html
    assert "SwaggerUIStandalonePreset" not in html
