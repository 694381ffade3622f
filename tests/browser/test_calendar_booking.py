"""Booking in the calendar: a click on a free time, somebody who walks in, and what stands in the way."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar import (
    BECAUSE,
    CALENDAR,
    REFUSED,
    at,
    button,
    click_time,
    event,
    find_patient,
    is_in_column,
    told,
)

_ROW = """
SELECT to_char(start, 'HH24:MI'), practitioner_id::text, status, queue_number FROM bookings_appointment
WHERE guest_name = %s AND start >= %s ORDER BY created_at DESC LIMIT 1
"""


@pytest.fixture
def calendar(desk_page) -> Page:
    """The calendar at the front desk, with the appointments of today."""
    desk_page.goto(CALENDAR)
    expect(event(desk_page, "Somchai Jaidee")).to_be_visible()
    return desk_page


def newest(place, name: str) -> tuple:
    """Time, practitioner, status and queue number of the newest appointment of somebody."""
    return place.sql(_ROW, name, place.day())[0]


def count(place) -> int:
    return place.sql("SELECT count(*) FROM bookings_appointment")[0][0]


def click_one_o_clock(page: Page) -> None:
    click_time(page, "Dr Eve", at(13), beside="Somchai Jaidee", starts=at(11))


def test_somebody_walks_in_is_checked_in_and_gets_a_number(calendar, place):
    calendar.get_by_role("button", name="Walk-in").click()
    find_patient(calendar, "0834445566", "Anan Wong")
    button(calendar, "Walk-in").click()
    expect(told(calendar)).to_contain_text("Queue number 1.")
    expect(event(calendar, "Anan Wong")).to_contain_text("Checked in")
    expect(event(calendar, "Anan Wong").locator(".nm-queue")).to_have_text("1")
    assert newest(place, "Anan Wong")[2:] == ("CHECKED_IN", 1)


def test_a_click_on_a_free_time_books_it_for_a_patient_found_by_hospital_number(calendar, place):
    click_one_o_clock(calendar)
    expect(calendar.locator("dialog [name=time]")).to_have_value("13:00")
    find_patient(calendar, "HN0004", "Anan Wong")
    button(calendar, "Book").click()
    expect(event(calendar, "Anan Wong")).to_contain_text("13:00–13:30")
    assert is_in_column(calendar, "Anan Wong", "Dr Eve")
    assert newest(place, "Anan Wong")[:3] == ("13:00", place.seeded["doctors"]["eve"], "SCHEDULED")


def type_new_patient(page: Page, name: str, phone: str) -> None:
    button(page, "New patient").click()
    page.locator("dialog [name=name]").fill(name)
    page.locator("dialog [name=phone]").fill(phone)
    button(page, "Book").click()


def test_a_new_patient_who_is_known_already_is_warned_of_and_can_be_taken_instead(calendar, place):
    click_one_o_clock(calendar)
    type_new_patient(calendar, "Mr. anan  wong", "0834445566")
    warning = calendar.locator(".nm-warning")
    expect(warning).to_contain_text("Anan Wong")
    expect(warning).to_contain_text("the same name")
    before = count(place)
    warning.get_by_role("button", name="This one").click()
    button(calendar, "Book").click()
    expect(event(calendar, "Anan Wong")).to_be_visible()
    assert count(place) == before + 1
    assert place.sql("SELECT count(*) FROM bookings_patient WHERE name ILIKE '%%anan%%'") == [(1,)]


def test_who_is_somebody_else_all_the_same_is_made_and_booked(calendar, place):
    click_one_o_clock(calendar)
    type_new_patient(calendar, "Anan Wong", "0855556666")
    expect(calendar.locator(".nm-warning")).to_contain_text("the same name")
    button(calendar, "Book").click()
    expect(event(calendar, "Anan Wong")).to_be_visible()
    assert place.sql("SELECT count(*) FROM bookings_patient WHERE name = 'Anan Wong'") == [(2,)]


def test_two_clicks_book_once(calendar, place):
    click_one_o_clock(calendar)
    find_patient(calendar, "anan", "Anan Wong")
    before = count(place)
    button(calendar, "Book").dblclick()
    expect(calendar.locator("dialog")).to_have_count(0)
    assert count(place) == before + 1


def test_a_patient_takes_the_time_that_the_clerk_is_looking_at(calendar, place, watch):
    watch.allow(REFUSED, because=BECAUSE)
    click_one_o_clock(calendar)
    find_patient(calendar, "anan", "Anan Wong")
    taken = place.api(
        "create", event_type_id=place.seeded["services"]["check_up"], date=str(place.day()), time="13:00",
        provider_id=place.seeded["doctors"]["eve"], guest_name="Fast Patient", guest_phone="0877778888",
    )  # fmt: skip
    assert taken["status"] == "SCHEDULED"
    button(calendar, "Book").click()
    refusal = calendar.get_by_role("alert").filter(has_text="taken")
    expect(refusal).to_be_visible()
    # What was typed is still there, and one click books a time beside it.
    refusal.get_by_role("button", name="13:30").click()
    expect(event(calendar, "Anan Wong")).to_contain_text("13:30–14:00")
    expect(event(calendar, "Fast Patient")).to_contain_text("13:00–13:30")


def test_who_may_overbooks_with_a_reason(page_of, place, watch):
    watch.allow(REFUSED, because=BECAUSE)
    page = page_of("ADMIN", CALENDAR)
    expect(event(page, "Somchai Jaidee")).to_be_visible()
    page.keyboard.press("n")
    find_patient(page, "anan", "Anan Wong")
    page.locator("dialog [name=practitioner]").select_option(label="Dr Eve")
    page.locator("dialog [name=time]").fill("11:00")
    button(page, "Book").click()
    page.get_by_label("Overbook all the same, because").fill("She is in pain.")
    button(page, "Overbook").click()
    expect(event(page, "Anan Wong")).to_contain_text("Overbooked")
    rows = place.sql("SELECT overbooked, overbook_reason FROM bookings_appointment WHERE overbooked")
    assert rows == [(True, "She is in pain.")]


def test_the_front_desk_is_not_offered_to_overbook(calendar, watch):
    watch.allow(REFUSED, because=BECAUSE)
    calendar.keyboard.press("n")
    find_patient(calendar, "anan", "Anan Wong")
    calendar.locator("dialog [name=practitioner]").select_option(label="Dr Eve")
    calendar.locator("dialog [name=time]").fill("11:00")
    button(calendar, "Book").click()
    expect(calendar.locator(".nm-refusal")).to_contain_text("Free instead")
    expect(calendar.locator("[name=overbook_reason]")).to_have_count(0)


def test_a_booking_for_nobody_says_what_is_missing(calendar):
    calendar.keyboard.press("n")
    button(calendar, "Book").click()
    expect(calendar.locator(".nm-refusal")).to_contain_text("Say for whom it is")


def test_escape_closes_the_dialog_and_the_focus_goes_back(calendar):
    opener = calendar.get_by_role("button", name="New appointment")
    opener.focus()
    calendar.keyboard.press("Enter")
    expect(calendar.locator("dialog")).to_be_visible()
    calendar.keyboard.press("Escape")
    expect(calendar.locator("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
