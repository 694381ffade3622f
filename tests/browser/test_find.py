"""Find, as it is looked at."""

import pytest
from playwright.sync_api import expect

FIND = "/admin/bookings/appointment/find/"


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_only_read_out_is_not_seen(page_of, width):
    page = page_of("FRONT_DESK", FIND, width=width)
    page.get_by_label("Name, phone, hospital number or reference").fill("malee")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Book: Malee Srisuk")).to_have_text("Book")
    label = page.locator("label[for=q]")
    assert label.evaluate("one => one.offsetWidth * one.offsetHeight") <= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_is_called_what_the_menu_calls_it(desk_page):
    desk_page.goto(FIND)

    expect(desk_page.locator("#header-inner")).to_contain_text("Find")
    expect(desk_page.locator("#header-inner")).not_to_contain_text("Appointments")
