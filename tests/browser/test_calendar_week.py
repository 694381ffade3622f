"""The calendar's week: one practitioner's, until several are chosen, and then it says whose each one is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar import CALENDAR, box, column, event

WEEK = f"{CALENDAR}#view=week"
# All of what was seeded has to be within one week, whatever day it is.
_ON_ONE_DAY = (
    "UPDATE bookings_appointment SET start = start - interval '1 day', \"end\" = \"end\" - interval '1 day',"
    " occupied = tstzrange(start - interval '1 day', \"end\" - interval '1 day')"
    " WHERE start::date > current_date"
)


@pytest.fixture
def week(desk_page, place) -> Page:
    """This week at the front desk: today Bob sees Malee, and Eve sees Somchai and Anan."""
    place.sql("UPDATE bookings_appointment SET status = 'CANCELLED' WHERE guest_name LIKE 'สม%%'")
    place.sql(_ON_ONE_DAY)
    desk_page.goto(WEEK)
    expect(event(desk_page, "Malee Srisuk")).to_be_visible()
    return desk_page


def chooser(page: Page):
    return page.get_by_label("Practitioner", exact=True)


def choose_too(page: Page, practitioner: str, *, sees: str) -> None:
    page.locator("#calendar-practitioners-menu summary").click()
    page.get_by_role("checkbox", name=practitioner).check()
    expect(event(page, sees)).to_be_visible()
    page.keyboard.press("Escape")


def test_a_week_is_at_first_that_of_one_practitioner(week):
    expect(chooser(week)).to_have_value(
        chooser(week).locator("option", has_text="Dr Bob").get_attribute("value")
    )
    expect(event(week, "Somchai Jaidee")).to_have_count(0)
    expect(week.locator(".nm-letter")).to_have_count(0)

    chooser(week).select_option(label="Dr Eve")

    expect(event(week, "Somchai Jaidee")).to_be_visible()
    expect(event(week, "Anan Wong")).to_be_visible()
    expect(event(week, "Malee Srisuk")).to_have_count(0)


def test_several_in_a_week_are_told_apart(week):
    choose_too(week, "Dr Eve", sees="Somchai Jaidee")

    expect(week.locator("#calendar-whose")).to_contain_text("Dr Bob")
    letters = {
        name: event(week, name).locator(".nm-letter").inner_text()
        for name in ("Malee Srisuk", "Somchai Jaidee")
    }
    assert letters == {"Malee Srisuk": "A", "Somchai Jaidee": "B"}
    assert week.locator("#calendar-whose li").all_inner_texts() == ["A\nDr Bob", "B\nDr Eve"]
    expect(event(week, "Malee Srisuk")).to_contain_text("Dr Bob")
    assert chooser(week).locator("option:checked").inner_text() == "Dr Bob, Dr Eve"


def test_the_day_keeps_all_columns_and_the_week_what_was_chosen_for_it(week):
    chooser(week).select_option(label="Dr Eve")
    week.locator("#calendar-view-day").click()
    expect(week.locator(".ec-col-head", has_text="Dr ")).to_have_count(2)
    expect(chooser(week)).to_be_hidden()

    week.reload()
    week.locator("#calendar-view-week").click()

    expect(event(week, "Somchai Jaidee")).to_be_visible()
    expect(event(week, "Malee Srisuk")).to_have_count(0)


def test_what_is_closed_for_one_is_not_closed_for_all(week, place):
    place.sql("DELETE FROM bookings_weeklyhours WHERE practitioner_id = %s", place.seeded["doctors"]["eve"])
    place.sql("UPDATE bookings_rulesversion SET version = version + 1")
    chooser(week).select_option(label="Dr Eve")
    expect(week.locator(".nm-closed").first).to_be_visible()

    choose_too(week, "Dr Bob", sees="Malee Srisuk")

    expect(week.locator(".nm-closed")).to_have_count(0)


def test_a_click_in_somebodys_week_books_with_them(week):
    chooser(week).select_option(label="Dr Eve")
    known = box(event(week, "Somchai Jaidee"))
    week.mouse.click(known["x"] + 40, known["y"] + 26 * 8)

    assert week.locator("dialog [name=practitioner] option:checked").inner_text() == "Dr Eve"


def test_a_week_on_a_phone_scrolls_within_to_the_day(page_of, place):
    page = page_of("FRONT_DESK", WEEK, width=390, height=844)

    expect(event(page, "Malee Srisuk")).to_be_in_viewport(ratio=0.9)
    assert box(event(page, "Malee Srisuk"))["width"] >= 90
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_thai_surname_above_a_column_is_not_taken_apart(page_of, place):
    name = "แพทย์หญิง กมลชนก ทองดีเจริญสุขไพศาลวัฒนาศรีสุวรรณ"
    place.sql("UPDATE bookings_practitioner SET name_th = %s WHERE name_en = 'Dr Eve'", name)
    page = page_of("FRONT_DESK", f"{CALENDAR}#view=day", language="th", width=700)
    words = column(page, "กมลชนก").locator(".nm-whole")

    expect(words).to_have_text(name.split())
    heights = {round(box(words.nth(number))["height"]) for number in range(3)}
    assert len(heights) == 1, heights
    assert box(words.nth(2))["y"] > box(words.nth(0))["y"]
