"""Bulk work and the way back from a step, as staff meet them: the page keeps itself up to date."""

import re

from playwright.sync_api import expect

LIST = "/admin/bookings/appointment/?when=all"


def choose_all(page, way):
    page.goto(LIST)
    page.locator("#action-toggle").check(force=True)
    page.locator("select[name=action]").select_option(way)
    page.get_by_role("button", name="Run").click()


def test_many_are_cancelled_watched_and_taken_back_without_loading_the_page_anew(desk_page, place):
    page, [(count,)] = desk_page, place.sql("SELECT count(*) FROM bookings_appointment")
    place.sql(
        "UPDATE bookings_appointment SET status = 'COMPLETED' WHERE reference ="
        " (SELECT min(reference) FROM bookings_appointment)"
    )
    choose_all(page, "cancel_many")
    expect(page.get_by_text(f"{count} appointments")).to_be_visible()
    page.get_by_label("Reason").fill("The doctor is ill")
    page.get_by_role("button", name="Cancel them").click()
    page.wait_for_url(re.compile(r"/admin/bookings/batch/.*/change/"))
    expect(page.get_by_text(f"0 of {count}")).to_be_visible()
    page.evaluate("window.isTheSamePage = true")

    place.worker()

    expect(page.get_by_text(f"{count} of {count}")).to_be_visible()
    expect(page.get_by_text("This is not possible for a booking in its present status.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    assert page.evaluate("window.isTheSamePage")
    assert place.sql("SELECT count(*) FROM bookings_appointment WHERE status = 'CANCELLED'") == [(count - 1,)]

    page.get_by_role("button", name="Take all of it back").click()
    expect(page.locator("[data-batch-count=undone]")).to_have_text(str(count - 1))
    assert place.sql("SELECT count(*) FROM bookings_appointment WHERE status = 'CANCELLED'") == [(0,)]


def test_a_check_in_is_taken_back_in_the_row_and_by_the_message(desk_page, place):
    page = desk_page
    page.goto("/admin/bookings/appointment/?when=today")
    page.get_by_role("button", name="Check in").first.click()
    expect(page.get_by_role("button", name="Undo: Checked in")).to_be_visible()
    page.get_by_role("button", name="Undo: Checked in").click()
    expect(page.get_by_text("taken back. Now:")).to_be_visible()
    expect(page.get_by_role("button", name="Undo: Checked in")).to_have_count(0)

    page.get_by_role("button", name="Check in").first.click()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("taken back. Now:")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/appointment/\?when=today$"))
    assert place.sql("SELECT count(*) FROM bookings_appointment WHERE status = 'CHECKED_IN'") == [(0,)]
