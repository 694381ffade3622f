"""Where a second factor is required: it is set up on the way in, and nothing else is reached before."""

import logging
from datetime import timedelta

import time_machine
from django.test import Client

from accounts.models import User
from core import clock
from events.models import Event
from tests.admin.browser import Browser
from tests.admin.signing_in import (
    BEGIN,
    CODE,
    LOGIN,
    OWN,
    SET_UP,
    codes_on,
    is_in,
    secret_on,
    type_code,
    type_password,
)
from tests.support.people import PASSWORD
from tests.support.second_factor import give_phone, require


# ── required: setting up on the way in ────────────────────────────────────────
def test_staff_without_a_phone_set_one_up_right_after_the_password(browser, fon, required):
    assert type_password(browser, fon, next="/admin/bookings/patient/")["Location"] == SET_UP
    page = browser.get(SET_UP)
    assert "Ploy Hospital" in page.text
    assert "<svg" not in page.text
    assert not is_in(browser)

    assert browser.post(BEGIN, {})["Location"] == SET_UP
    page = browser.get(SET_UP)
    phone = secret_on(page)
    assert "<svg" in page.text
    assert not is_in(browser)
    assert "This code is not right" in browser.post(SET_UP, {"code": phone.wrong_code()}).text
    with time_machine.travel(clock.now() + timedelta(seconds=5), tick=False):
        done = browser.post(SET_UP, {"code": phone.code()})

    assert len(codes_on(done)) == 10
    assert 'href="/admin/bookings/patient/"' in done.text
    assert is_in(browser)
    event = Event.objects.latest("id")
    assert (event.type, event.data, event.actor_user_id, event.subject_id) == (
        "user.second_factor_enrolled", {}, fon.pk, str(fon.pk),
    )  # fmt: skip


def test_until_it_is_set_up_nothing_else_is_reached(browser, fon, required):
    type_password(browser, fon)

    for path in (
        "/admin/",
        OWN,
        "/admin/password_change/",
        "/admin/bookings/appointment/",
        "/admin/search/?s=a",
    ):
        assert browser.get(path)["Location"].startswith(LOGIN), path
    assert browser.get(LOGIN)["Location"] == SET_UP
    assert browser.get(CODE)["Location"] == SET_UP


def test_setting_up_may_take_twenty_minutes(browser, fon, required):
    type_password(browser, fon)
    browser.post(BEGIN, {})

    with time_machine.travel(clock.now() + timedelta(minutes=19), tick=False):
        phone = secret_on(browser.get(SET_UP))
        assert codes_on(browser.post(SET_UP, {"code": phone.code()}))
    with time_machine.travel(clock.now() + timedelta(minutes=21), tick=False):
        assert browser.get(SET_UP)["Location"] == LOGIN


def test_whoever_is_signed_in_when_it_is_switched_on_meets_it_with_the_next_page(browser_of, in_hospital):
    browser = browser_of("NURSE")
    require(in_hospital)

    answer = browser.client.get("/admin/bookings/patient/", headers={"accept": "text/html"})

    assert answer["Location"] == SET_UP
    assert browser.get("/admin/bookings/patient/")["Location"].startswith(LOGIN)
    browser.post(BEGIN, {})
    done = browser.post(SET_UP, {"code": secret_on(browser.get(SET_UP)).code()})
    assert 'href="/admin/bookings/patient/"' in done.text
    assert is_in(browser)


def test_whoever_is_signed_in_can_still_sign_out(browser_of, in_hospital):
    browser = browser_of("NURSE")
    require(in_hospital)

    assert browser.post("/admin/logout/", {}).status_code == 200


def test_a_session_that_is_open_elsewhere_needs_the_phone_that_was_set_up_since(browser_of, fon):
    browser = browser_of("FRONT_DESK")
    assert is_in(browser)
    phone = give_phone(fon)

    assert browser.get("/admin/")["Location"].startswith(LOGIN)
    assert browser.get(LOGIN)["Location"] == CODE
    type_code(browser, phone.code())
    assert is_in(browser)


def test_a_script_of_a_page_that_is_open_elsewhere_is_answered_as_a_stranger_s(browser_of, fon):
    browser = browser_of("FRONT_DESK")
    give_phone(fon)

    answer = browser.post("/admin/bookings/appointment/calendar/patients/", {"q": "Alice"})

    assert answer.status_code in (302, 401)
    assert "Alice" not in answer.text
    assert browser.get(LOGIN)["Location"] == CODE


def test_patients_enter_no_admin_with_it_either(browser, people, required):
    assert type_password(browser, people.patient).status_code == 200
    assert not is_in(browser)


def test_operators_are_asked_by_a_setting(db, settings):
    settings.SECOND_FACTOR_FOR_OPERATORS = True
    browser = Browser(Client(headers={"host": "localhost"}), None)
    olga = User.objects.get(email="operator@nadmor.example")

    assert type_password(browser, olga)["Location"] == SET_UP
    browser.post(BEGIN, {})
    page = browser.get(SET_UP)
    assert codes_on(browser.post(SET_UP, {"code": secret_on(page).code()}))
    assert is_in(browser)
    assert browser.get(OWN).status_code == 200


def test_neither_codes_nor_secrets_are_logged(browser, fon, required, caplog):
    with caplog.at_level(logging.DEBUG):
        type_password(browser, fon)
        browser.post(BEGIN, {})
        phone = secret_on(browser.get(SET_UP))
        wrong, right = phone.wrong_code(), phone.code()
        browser.post(SET_UP, {"code": wrong})
        with time_machine.travel(clock.now() + timedelta(seconds=5), tick=False):
            codes = codes_on(browser.post(SET_UP, {"code": right}))

    logged = "\n".join(
        f"{record.getMessage()} {vars(record)}"
        for record in caplog.records
        if record.name != "django.db.backends"
    )
    assert len(codes) == 10
    for word in (wrong, right, phone.secret, phone.secret.replace(" ", ""), *codes, PASSWORD, fon.email):
        assert word not in logged
