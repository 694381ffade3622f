"""The calendar itself: the flow of a visit, views, languages, widths, and how it keeps itself up to date."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar import CALENDAR, button, event, told

_HTML = "<img src=x onerror=alert(1)><b>Malee</b>"


@pytest.fixture
def calendar(desk_page) -> Page:
    """The calendar at the front desk, with the appointments of today."""
    desk_page.goto(CALENDAR)
    expect(event(desk_page, "Malee Srisuk")).to_be_visible()
    return desk_page


def status_of(place, name: str = "Malee Srisuk") -> str:
    return place.sql("SELECT status FROM bookings_appointment WHERE guest_name = %s", name)[0][0]


def test_a_visit_is_checked_in_by_one_click_and_undone(calendar, place):
    event(calendar, "Malee Srisuk").click()
    button(calendar, "Check in").click()
    expect(event(calendar, "Malee Srisuk")).to_contain_text("Checked in")
    assert status_of(place) == "CHECKED_IN"
    expect(button(calendar, "Start")).to_be_visible()
    button(calendar, "Undo: Checked in").click()
    expect(event(calendar, "Malee Srisuk")).to_contain_text("Scheduled")
    assert status_of(place) == "SCHEDULED"


def test_a_visit_goes_all_its_way_in_the_list(calendar, place):
    calendar.locator("#calendar-view-list").click()
    row = calendar.get_by_role("row", name="Malee Srisuk")
    row.get_by_role("button", name="Check in: Malee Srisuk").focus()
    for step, status in (("Check in", "Checked in"), ("Start", "In progress"), ("Complete", "Completed")):
        # The focus goes on from step to step.
        expect(row.get_by_role("button", name=f"{step}: Malee Srisuk")).to_be_focused()
        calendar.keyboard.press("Enter")
        expect(row).to_contain_text(status)
    assert status_of(place) == "COMPLETED"


def test_cancelling_asks_for_a_reason_and_is_undone(calendar, place):
    event(calendar, "Malee Srisuk").click()
    button(calendar, "Cancel the appointment…").click()
    button(calendar, "Cancel the appointment").click()
    expect(calendar.get_by_label("Reason of cancelling")).to_be_focused()
    calendar.keyboard.type("She called.")
    button(calendar, "Cancel the appointment").click()
    expect(event(calendar, "Malee Srisuk")).to_have_count(0)
    assert status_of(place) == "CANCELLED"
    told(calendar).get_by_role("button", name="Undo").click()
    expect(event(calendar, "Malee Srisuk")).to_be_visible()
    assert status_of(place) == "SCHEDULED"


def test_a_change_elsewhere_is_seen_within_seconds_and_an_open_dialog_stays(calendar, place):
    calendar.keyboard.press("n")
    calendar.get_by_role("combobox", name="Find the patient").fill("half a na")
    place.api(
        "create", event_type_id=place.seeded["services"]["check_up"], date=str(place.day()), time="12:00",
        provider_id=place.seeded["doctors"]["bob"], guest_name="From Elsewhere", guest_phone="0877778888",
    )  # fmt: skip
    expect(event(calendar, "From Elsewhere")).to_be_visible()
    expect(calendar.get_by_role("combobox", name="Find the patient")).to_have_value("half a na")


def test_a_page_that_is_offline_says_so_and_catches_up(calendar, place, watch):
    watch.allow("ERR_INTERNET_DISCONNECTED", because="the network is taken away")
    calendar.context.set_offline(True)
    expect(calendar.locator("#calendar-banner")).to_contain_text("Offline")
    place.sql(
        "UPDATE bookings_appointment SET guest_name = 'Malee Changed' WHERE guest_name = 'Malee Srisuk'"
    )
    place.api(
        "create", event_type_id=place.seeded["services"]["check_up"], date=str(place.day()), time="12:00",
        guest_name="From Elsewhere", guest_phone="0877778888",
    )  # fmt: skip
    calendar.context.set_offline(False)
    expect(event(calendar, "From Elsewhere")).to_be_visible()
    expect(event(calendar, "Malee Changed")).to_be_visible()
    expect(calendar.locator("#calendar-banner")).to_be_hidden()


def test_a_page_whose_session_has_ended_says_so(calendar, place, watch):
    watch.allow("status of 401", because="nobody is signed in any more")
    calendar.context.clear_cookies(name="sessionid")
    expect(calendar.locator("#calendar-banner")).to_contain_text("You are signed out.")


def test_thai_pages_show_and_take_buddhist_years(page_of, place):
    page = page_of("FRONT_DESK", CALENDAR, language="th")
    expect(page.locator("#calendar-title")).to_contain_text(str(place.day().year + 543))
    for typed in ("05/12/2569", "05/12/2026", "2026-12-05", "๕/๑๒/๒๕๖๙"):
        page.locator("#calendar-today").click()
        page.locator("#calendar-day").fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator("#calendar-title")).to_contain_text("5 ธันวาคม 2569")
    page.locator("#calendar-day").fill("30/02/2569")
    page.keyboard.press("Enter")
    expect(page.locator("#calendar-day")).to_have_attribute("aria-invalid", "true")


def test_a_name_full_of_html_stays_text(calendar, place):
    place.sql("UPDATE bookings_appointment SET guest_name = %s WHERE guest_name = 'Malee Srisuk'", _HTML)
    place.sql("UPDATE bookings_patient SET name = %s WHERE name = 'Malee Srisuk'", _HTML)
    calendar.reload()
    expect(event(calendar, _HTML)).to_be_visible()
    event(calendar, _HTML).click()
    expect(calendar.locator("dialog h2")).to_have_text(_HTML)
    button(calendar, "Check in").click()
    expect(told(calendar)).to_contain_text(_HTML)
    calendar.keyboard.press("Escape")
    expect(calendar.locator("dialog")).to_have_count(0)
    calendar.keyboard.press("4")
    expect(calendar.get_by_role("button", name=_HTML, exact=True)).to_be_visible()
    calendar.keyboard.press("n")
    calendar.get_by_role("combobox", name="Find the patient").fill("HN0001")
    expect(calendar.get_by_role("option", name=_HTML)).to_be_visible()
    assert calendar.locator("#calendar-app img").count() == 0


@pytest.mark.parametrize("view", ["day", "week", "month", "list"])
def test_a_phone_has_nothing_beside_its_edge(page_of, view):
    page = page_of("FRONT_DESK", f"{CALENDAR}#view={view}", width=390, height=844)
    expect(page.locator(f"#calendar-view-{view}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#calendar-main")).not_to_have_attribute("aria-busy", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_phone_begins_with_the_list_of_one_practitioner(page_of):
    page = page_of("FRONT_DESK", CALENDAR, width=390, height=844)
    expect(page.get_by_role("button", name="Malee Srisuk", exact=True)).to_be_visible()
    page.get_by_label("Practitioner", exact=True).select_option(label="Dr Eve")
    expect(page.get_by_role("button", name="Somchai Jaidee", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Malee Srisuk", exact=True)).to_have_count(0)


def test_the_month_counts_and_leads_to_a_day(calendar, place):
    calendar.locator("#calendar-view-month").click()
    today = calendar.locator(f"[data-day='{place.day()}']")
    expect(today).to_have_accessible_name(re.compile("Appointments: 2"))
    today.click()
    expect(event(calendar, "Malee Srisuk")).to_be_visible()


def test_filters_hold_and_only_ids_are_remembered(calendar):
    calendar.locator("#calendar-practitioners-menu summary").click()
    calendar.get_by_role("checkbox", name="Dr Eve").uncheck()
    expect(event(calendar, "Somchai Jaidee")).to_have_count(0)
    calendar.reload()
    expect(event(calendar, "Malee Srisuk")).to_be_visible()
    expect(event(calendar, "Somchai Jaidee")).to_have_count(0)
    remembered = calendar.evaluate("JSON.stringify({...localStorage})")
    assert "Malee" not in remembered
    assert set(json.loads(json.loads(remembered)["nadmor.calendar"])) == {
        "view", "chosen", "weekly", "hidden", "free",
    }  # fmt: skip


def test_the_keys_are_listed_and_work(calendar, place):
    calendar.keyboard.press("?")
    expect(calendar.locator("dialog")).to_contain_text("Keyboard")
    calendar.keyboard.press("Escape")
    before = calendar.locator("#calendar-title").inner_text()
    calendar.keyboard.press("ArrowRight")
    expect(calendar.locator("#calendar-title")).not_to_have_text(before)
    expect(event(calendar, "สมหญิง ใจดี")).to_be_visible()
    calendar.keyboard.press("t")
    expect(calendar.locator("#calendar-title")).to_have_text(before)


def test_the_day_list_opens_for_printing(calendar, place):
    with calendar.context.expect_page() as opened:
        calendar.locator("#calendar-print").click()
    sheet = opened.value
    expect(sheet.get_by_role("heading", name="Dr Bob")).to_be_visible()
    expect(sheet.get_by_text("Malee Srisuk")).to_be_visible()
    expect(sheet.get_by_text("Somchai Jaidee")).to_be_visible()
    assert f"day={place.day()}" in sheet.url
