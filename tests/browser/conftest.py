"""The admin as staff meet it: a real web process, and Chromium driven by Playwright.

Playwright's thread has an event loop that runs: Django's ORM refuses to work there, and nothing else may
start one. So a browser lives as long as one file of tests, and tests look into the database by `place.sql`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.place import Place, made
from tests.browser.watch import Watch
from tests.support.chromium import chromium
from tests.support.people import PASSWORD

OpenPage = Callable[..., Page]
_PATIENCE = 15_000  # milliseconds; the machine may be busy
# A zone that no hospital is in: what pages show is the hospital's wall clock, not the browser's.
_BROWSER_ZONE = "America/St_Johns"
_LOCALES = {"en": "en-GB", "th": "th-TH"}
PEOPLE = {
    "ADMIN": "adam@ploy.example", "DOCTOR": "bob@ploy.example", "NURSE": "nora@ploy.example",
    "FRONT_DESK": "fon@ploy.example",
}  # fmt: skip


@pytest.fixture(scope="session")
def program() -> str:
    """The path of a Chromium."""
    return chromium()


@pytest.fixture(scope="session")
def _made(program) -> Iterator[Place]:
    with made() as place:
        yield place


@pytest.fixture(scope="module")
def _browser(program) -> Iterator[Browser]:
    expect.set_options(timeout=_PATIENCE)
    # Names that are not ours lead nowhere, so that a stray request cannot even leave.
    rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", rules])
        yield browser
        browser.close()


@pytest.fixture
def place(_made) -> Iterator[Place]:
    """Ploy as it was seeded."""
    yield _made
    _made.restore()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What fails the test at its end: errors in the console, requests to other hosts; see `Watch.allow`."""
    watch = Watch()
    yield watch
    watch.check()


@pytest.fixture
def open_page(place, watch, _browser) -> Iterator[OpenPage]:
    """Opens a page at Ploy's host in a browser of its own: nothing is shared with others.

    `role` (of PEOPLE) signs in; `language` is what the browser asks for; `path` is where it goes at first;
    `base` is another host than Ploy's.
    Further keywords are Playwright's for a new context (`color_scheme`, `accept_downloads` …).
    """
    contexts = []

    def open_one(
        path: str = "",
        *,
        base: str = "",
        role: str = "",
        language: str = "en",
        width: int = 1280,
        height: int = 900,
        **more: Any,
    ) -> Page:
        context = _browser.new_context(
            base_url=base or place.base, locale=_LOCALES[language], timezone_id=_BROWSER_ZONE,
            viewport={"width": width, "height": height}, **more,
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(_PATIENCE)
        watch.over(context)
        page = context.new_page()
        if role:
            _be(page, role, place)
        if path:
            page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()


def _be(page: Page, role: str, place: Place) -> None:
    """Signed in as the person of a role, by the session that they had in an earlier test if there was one."""
    known = place.cookies.get(role, [])
    session = next((cookie["value"] for cookie in known if cookie["name"] == "sessionid"), "")
    if place.sql("SELECT 1 FROM django_session WHERE session_key = %s", session):
        page.context.add_cookies(known)
    else:
        sign_in(page, PEOPLE[role])
        place.cookies[role] = page.context.cookies()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the log-in page, as people do; to the front page of the admin."""
    page.goto("/admin/login/?next=/admin/")
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/admin/")


@pytest.fixture
def page_of(open_page) -> OpenPage:
    """A page in which the person of a role has signed in: `page_of("NURSE", "/admin/…")`."""

    def open_for(role: str, path: str = "", **more: Any) -> Page:
        return open_page(path, role=role, **more)

    return open_for


@pytest.fixture
def desk_page(page_of) -> Page:
    """Fon's at the front desk, in English, on a desktop."""
    return page_of("FRONT_DESK")


@pytest.fixture
def admin_page(page_of) -> Page:
    """Adam the administrator's, in English, on a desktop."""
    return page_of("ADMIN")
