"""The platform's front page in a browser: it holds to the policy, fits each width, and updates by itself."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

LONG = "Bangkok International General Hospital of Sukhumvit"


@pytest.fixture
def operator(open_page, place) -> Page:
    """The platform's front page, where Olga has signed in, and whose hospital has a long name."""
    place.sql("UPDATE public.tenants_hospital SET name = %s", LONG)
    page = open_page(base=f"http://localhost:{place.port}", width=1360)
    sign_in(page, "operator@nadmor.example")
    return page


def box(page: Page, selector: str) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(
        "selector => document.querySelector(selector).getBoundingClientRect().toJSON()", selector
    )
    return found


def overflow(page: Page, selector: str = "html") -> int:
    found: int = page.evaluate(
        "selector => (one => one.scrollWidth - one.clientWidth)(document.querySelector(selector))", selector
    )
    return found


def test_the_front_page_shows_the_hospitals_and_asks_again(operator):
    expect(operator.get_by_role("link", name=LONG)).to_be_visible()
    with operator.expect_response(lambda answer: "/admin/dashboard/" in answer.url) as asked:
        operator.evaluate("htmx.trigger('#platform-dashboard', 'refresh')")
    assert asked.value.status == 200
    expect(operator.locator("#platform-dashboard")).to_have_count(1)
    expect(operator.get_by_role("link", name=LONG)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "th"])
def test_the_whole_table_is_seen_on_a_desktop(open_page, operator, language):
    page = open_page(base=operator.url, width=1360, language=language)
    page.context.add_cookies(operator.context.cookies())
    page.goto("/admin/")

    expect(page.locator(".nm-fleet tbody td").last).to_be_visible()
    assert overflow(page, ".nm-fleet") <= 0
    assert box(page, ".nm-fleet tbody th")["width"] >= 170


@pytest.mark.parametrize("width", [390, 820])
def test_hospitals_are_cards_where_there_is_no_room(operator, width):
    operator.set_viewport_size({"width": width, "height": 900})
    operator.reload()

    expect(operator.locator("[data-label='Work overdue']")).to_be_visible()
    assert overflow(operator) <= 0
    card = box(operator, ".nm-fleet tbody tr")
    for number in range(12):
        cell = box(operator, f".nm-fleet tbody tr > :nth-child({number + 1})")
        assert card["left"] <= cell["left"]
        assert cell["right"] <= card["right"]


def test_cards_are_put_in_order_by_what_stands_above_them(operator):
    operator.set_viewport_size({"width": 390, "height": 844})
    operator.get_by_role("link", name="Staff accounts").click()

    expect(operator.get_by_role("columnheader", name="Staff accounts")).to_have_attribute(
        "aria-sort", "descending"
    )
