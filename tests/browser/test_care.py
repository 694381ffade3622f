"""Care of every page in Chromium: the content-security policy, Thai letters and years, room on a phone.

The harness fails a test for an error in the console, as a violation of the policy is one, and for a request
to another host.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

# A list tells what a record's page is; one of each kind is enough. What is downloaded is no page.
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
_PASSED_OVER = re.compile(r"logout|jsi18n|export|template|\.ics$")
_MOST = 120  # kinds of pages
MAIN_PAGES = [
    "/admin/", "/admin/bookings/appointment/", "/admin/bookings/appointment/add/",
    "/admin/bookings/appointment/calendar/", "/admin/bookings/patient/", "/admin/bookings/patient/add/",
]  # fmt: skip


def links_of(page: Page) -> list[str]:
    """Where a page leads within the admin."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return [link.partition("#")[0] for link in found if link.startswith("/admin/")]


def every_page(page: Page) -> Iterator[str]:
    """Go through the admin from its front page, one page of each kind; the kind of page that is open now."""
    seen, waiting = set(), ["/admin/"]
    while waiting and len(seen) < _MOST:
        path = waiting.pop(0)
        kind = _ID.sub("N", path.partition("?")[0])
        if kind in seen or _PASSED_OVER.search(kind):
            continue
        seen.add(kind)
        page.goto(path)
        yield kind
        waiting += links_of(page)


def test_no_page_of_the_admin_asks_for_what_the_policy_refuses(page_of):
    page = page_of("ADMIN")

    kinds = []
    for kind in every_page(page):
        expect(page.locator("body")).to_be_visible()
        kinds.append(kind)

    assert len(kinds) > 40
    assert "/admin/bookings/appointment/N/change/" in kinds


def test_menus_themes_and_languages_work_under_the_policy(page_of):
    page = page_of("ADMIN", "/admin/bookings/patient/")

    page.keyboard.press("Control+e")
    expect(page.locator("html")).to_have_class(re.compile("dark|light"))
    page.locator("[x-on\\:click*='openUserLinks']").first.click()
    expect(page.get_by_text("Log out")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Filters").first.click()
    expect(page.get_by_text("Apply filters").or_(page.get_by_text("Apply Filters")).first).to_be_visible()


def test_the_command_palette_works_under_the_policy(page_of):
    page = page_of("ADMIN", "/admin/")

    page.keyboard.press("Control+k")
    box = page.locator("[x-ref=searchInputCommand]")
    expect(box).to_be_visible()
    box.fill("Patients")
    box.press("s")
    expect(page.locator("#command-results")).to_be_attached()


def test_the_calendar_beside_a_date_counts_buddhist_years_in_thai(page_of, place):
    page = page_of("ADMIN", "/admin/bookings/patient/add/", language="th")

    field = page.locator("#id_date_of_birth")
    field.fill("1/2/2530")
    field.press("Tab")
    expect(field).to_have_value("1/2/1987")
    expect(page.locator("#id_date_of_birth-understood")).to_contain_text("2530")
    page.locator("#id_date_of_birth ~ .datetimeshortcuts a").last.click()
    expect(page.locator(".calendarbox caption").first).to_contain_text("2530")


def test_an_english_page_says_how_a_typed_date_was_understood(page_of):
    page = page_of("ADMIN", "/admin/bookings/patient/add/")

    field = page.locator("#id_date_of_birth")
    field.fill("29/2/2567")
    expect(page.locator("#id_date_of_birth-understood")).to_contain_text("29 Feb 2024")
    field.fill("29/2/2566")
    expect(page.locator("#id_date_of_birth-understood")).to_be_empty()


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/"])
def test_the_documentation_of_the_api_draws_itself_under_the_policy(open_page, path):
    page = open_page(path)

    # ReDoc draws for a while.
    expect(page.get_by_text("/api/auth/login/").first).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/"])
def test_thai_letters_come_with_the_page(page_of, open_page, path):
    page = page_of("ADMIN", path, language="th") if path == "/admin/" else open_page(path, language="th")

    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert any("Noto Sans Thai" in family for family in loaded)
    size, line = page.evaluate(
        "(() => { const s = getComputedStyle(document.body);"
        " return [parseFloat(s.fontSize), parseFloat(s.lineHeight)] })()"
    )
    assert size >= 16
    assert line / size >= 1.5


@pytest.mark.parametrize(("width", "language"), [(390, "th"), (640, "en")], ids=["phone", "twice as large"])
def test_nothing_has_to_be_scrolled_sideways(page_of, width, language):
    """A desktop of 1,280 pixels at 200 % has room for 640 (WCAG 2.2, success criterion 1.4.10)."""
    page = page_of("ADMIN", language=language, width=width)

    too_wide = {}
    for path in MAIN_PAGES:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            too_wide[path] = wide
    assert too_wide == {}


def test_where_the_keyboard_is_can_be_seen(page_of):
    page = page_of("ADMIN", "/admin/bookings/patient/")

    for _ in range(5):
        page.keyboard.press("Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style not in ("none", "")
