"""The harness itself: who signs in, what fails a test, what is put back."""

import pytest
from playwright.sync_api import expect


def test_staff_sign_in_and_see_the_appointments_of_the_hospitals_day(desk_page, place):
    desk_page.goto("/admin/bookings/appointment/?when=today")
    expect(desk_page.get_by_text("Malee Srisuk").first).to_be_visible()
    assert desk_page.locator("html").get_attribute("lang") == "en"
    assert 9 <= place.now.hour < 12


def test_a_browser_that_asks_for_thai_gets_thai(page_of):
    page = page_of("ADMIN", "/admin/", language="th")
    assert page.locator("html").get_attribute("lang") == "th"


def test_a_request_to_another_host_and_an_error_of_the_page_are_noted(open_page, watch):
    page = open_page("/admin/login/")
    page.evaluate("fetch('http://elsewhere.example/x').catch(() => 0)")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.wait_for_timeout(200)
    with pytest.raises(AssertionError, match=r"elsewhere\.example"):
        watch.check()
    assert any("broken" in fault for fault in watch.faults)
    watch.allow("elsewhere|broken", because="this test makes them")


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_finds_the_place_as_it_was_seeded(place, time):
    assert place.sql("SELECT count(*) FROM bookings_appointment") == [(4,)]
    place.sql("UPDATE bookings_appointment SET guest_name = 'Somebody else'")
    place.sql("DELETE FROM bookings_appointment WHERE id = %s", place.seeded["appointments"]["malee"])
    place.sql("UPDATE tenants_hospital SET second_factor_required = true")
