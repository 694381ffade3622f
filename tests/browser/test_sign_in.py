"""Signing in with a second factor at the real pages: required, set up, used, replaced by a recovery code."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tenants.directory import STALE_AFTER
from tests.browser.conftest import PEOPLE
from tests.support.people import PASSWORD
from tests.support.second_factor import Phone


@pytest.fixture
def not_required_afterwards(place) -> Iterator[None]:
    """The web process goes on with what it read of a hospital for some seconds: not into the next test."""
    yield
    place.restore()
    time.sleep(STALE_AFTER + 1)


def type_password(page: Page, email: str) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def sign_out(page: Page) -> None:
    page.evaluate("document.getElementById('logout-form').submit()")
    page.wait_for_url("**/logout/")


def set_up(page: Page) -> tuple[Phone, list[str]]:
    """Through the page that sets a phone up, to the page with the recovery codes."""
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    phone = Phone(page.locator("#secret").inner_text())
    page.get_by_label("Code of the phone").fill(phone.wrong_code())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This code is not right")).to_be_visible()
    # A right one is not looked at within a second of a wrong one.
    page.wait_for_timeout(1100)
    page.get_by_label("Code of the phone").fill(phone.code())
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    return phone, page.locator("#recovery-codes li").all_inner_texts()


def test_a_hospital_requires_it_and_the_next_page_sets_it_up(admin_page, place, not_required_afterwards):
    page = admin_page
    page.goto("/admin/settings/")
    page.get_by_label("Second factor required").check(force=True)
    page.get_by_role("button", name="Save").click()

    page.wait_for_url("**/admin/login/set-up/")
    phone, codes = set_up(page)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("#logout-form")).to_be_attached()
    assert place.sql("SELECT count(*) FROM accounts_totpdevice WHERE confirmed") == [(1,)]

    sign_out(page)
    type_password(page, PEOPLE["ADMIN"])
    page.wait_for_url("**/admin/login/code/")
    page.goto("/admin/bookings/patient/")
    page.wait_for_url("**/admin/login/code/")
    page.get_by_label("Code of the phone").fill(phone.code(1))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/admin/")

    sign_out(page)
    type_password(page, PEOPLE["ADMIN"])
    page.get_by_role("link", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(codes[4].lower())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/admin/")
    expect(page.get_by_text("9 recovery codes are left.")).to_be_visible()


def test_somebody_sets_it_up_by_themselves_and_copies_the_codes(page_of):
    page = page_of("NURSE", "/admin/second-factor/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Set up a second factor").click()
    page.wait_for_url("**/second-factor/set-up/")
    phone = Phone(page.locator("#secret").inner_text())
    page.get_by_label("Code of the phone").fill(phone.code())
    page.get_by_role("button", name="Continue").click()
    codes = page.locator("#recovery-codes li").all_inner_texts()
    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").split("\n") == codes
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Your second factor is set up.")).to_be_visible()
    expect(page.get_by_text("10 of 10")).to_be_visible()
