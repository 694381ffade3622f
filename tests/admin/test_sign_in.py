"""Signing in at the log-in page: the password, then the code; what is half-signed reaches nothing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_resolver

from accounts.models import User
from accounts.second_factor.models import RecoveryCode
from accounts.second_factor.state import codes_left
from core import clock
from events.models import Event
from tenants.context import inside
from tests.admin.browser import Browser
from tests.admin.signing_in import BEGIN, CODE, GIVE_UP, LOGIN, SET_UP, is_in, type_code, type_password
from tests.support.people import PASSWORD

PLOY, RAMA = "ploy.localhost", "rama.localhost"


# ── the password's page ───────────────────────────────────────────────────────
def test_without_an_address_to_go_to_the_page_leads_to_the_front_page(browser, people):
    page = browser.get(LOGIN)
    assert page.status_code == 200
    assert 'name="username"' in page.text

    assert type_password(browser, people.nurse)["Location"] == "/admin/"
    assert is_in(browser)
    assert browser.get(LOGIN)["Location"] == "/admin/"


@pytest.mark.parametrize("wanted", ["/admin/bookings/patient/", "https://evil.example/", "//evil.example"])
def test_it_leads_where_somebody_wanted_to_go_on_this_host_alone(browser, people, wanted):
    went = type_password(browser, people.nurse, next=wanted)["Location"]

    assert went == (wanted if wanted.startswith("/admin/") else "/admin/")


# ── the code's page ───────────────────────────────────────────────────────────
def test_the_code_lets_in_where_somebody_wanted_to_go(browser, fon, phone):
    type_password(browser, fon, next="/admin/bookings/patient/")
    assert browser.get(CODE).status_code == 200

    answer = type_code(browser, phone.code())

    assert answer["Location"] == "/admin/bookings/patient/"
    assert is_in(browser)
    assert browser.client.session.get_expiry_age() > timedelta(hours=7).total_seconds()


def test_the_session_gets_another_key_with_each_step(browser, fon, phone):
    keys = []
    browser.get("/admin/")
    type_password(browser, fon)
    keys.append(browser.client.cookies["sessionid"].value)
    type_code(browser, phone.code())
    keys.append(browser.client.cookies["sessionid"].value)

    assert len(set(keys)) == 2
    assert not Session.objects.filter(session_key=keys[0]).exists()


def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(half, fon, phone):
    assert "Recovery code" in half.get(CODE, recovery="").text
    for _code in phone.recovery_codes[1:8]:
        RecoveryCode.objects.filter(user=fon, used_at=None).first().delete()

    answer = half.post(CODE + "?recovery", {"code": phone.recovery_codes[9].lower()})

    assert answer.status_code == 302
    assert f"{codes_left(fon)} recovery codes are left." in half.get("/admin/").text
    event = Event.objects.latest("id")
    assert (event.type, event.data, event.actor_user_id) == (
        "user.recovery_code_used", {"left": codes_left(fon)}, fon.pk,
    )  # fmt: skip


def test_a_wrong_code_is_told_and_lets_nobody_in(half, phone):
    page = type_code(half, phone.wrong_code())

    assert page.status_code == 200
    assert "This code is not right" in page.text
    assert not is_in(half)


def test_a_code_that_was_used_lets_nobody_in_again(half, fon, phone, in_hospital):
    code = phone.code()
    type_code(half, code)
    other = Browser(Client(headers={"host": PLOY}), in_hospital)
    type_password(other, fon)

    assert type_code(other, code).status_code == 200
    assert not is_in(other)


def every_admin_address() -> set[str]:
    """Each address of the hospital's admin, with some id where it wants one."""

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, route)
            else:
                yield re.sub(r"<[^>]+>", "1", route)

    found = {
        f"/{route}"
        for route in walk(get_resolver("config.urls").url_patterns, "")
        if route.startswith("admin/")
    }
    return {path for path in found if re.fullmatch(r"[\w/.-]+", path)}


def test_a_half_signed_session_reaches_nothing(half):
    paths = every_admin_address() - {
        CODE,
        SET_UP,
        LOGIN,
        BEGIN,
        GIVE_UP,
    }
    assert len(paths) > 80

    for path in sorted(paths):
        for answer in (half.client.get(path), half.client.post(path, {"x": "y"})):
            assert answer.status_code in (302, 401, 404), path
            if answer.status_code == 302 and path != "/admin/logout/":
                assert answer["Location"].startswith("/admin/login/?next="), path
            assert "Fon" not in answer.text, path


def test_a_half_signed_session_goes_on_where_it_stands(half):
    assert half.get(LOGIN)["Location"] == CODE
    assert half.get(SET_UP)["Location"] == CODE
    assert half.post(BEGIN, {})["Location"] == CODE


def test_a_half_signed_session_ends_after_five_minutes(half, phone):
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert half.get(CODE)["Location"] == LOGIN
        assert type_code(half, phone.code())["Location"] == LOGIN
        assert not is_in(half)


def test_a_half_signed_session_ends_with_a_new_password_and_with_the_account(half, fon, phone):
    fon.set_password("quite-another-horse")
    fon.save()
    assert type_code(half, phone.code())["Location"] == LOGIN

    type_password(half, fon)
    User.objects.filter(pk=fon.pk).update(is_active=False)
    assert type_code(half, phone.code())["Location"] == LOGIN


def test_a_half_signed_session_is_worth_nothing_at_another_hospital(half, phone, other_hospital):
    answer = half.client.post(CODE, {"code": phone.code()}, headers={"host": RAMA})

    assert answer["Location"] == LOGIN
    with inside(other_hospital):
        # Even where somebody has moved the session itself.
        moved = Session(session_key="m" * 32, expire_date=clock.now() + timedelta(hours=1))
        with inside(half.hospital):
            moved.session_data = Session.objects.latest("expire_date").session_data
        moved.save(force_insert=True)
    half.client.cookies["sessionid"] = moved.session_key
    answer = half.client.post(CODE, {"code": phone.code()}, headers={"host": RAMA})
    assert answer["Location"] == LOGIN


def test_somebody_else_may_sign_in_instead(half, people):
    assert half.post(GIVE_UP, {})["Location"] == LOGIN
    assert half.get(LOGIN).status_code == 200
    type_password(half, people.nurse)
    assert is_in(half)


def test_signing_in_as_somebody_else_ends_the_session_before(browser_of, fon, phone):
    browser = browser_of("NURSE")

    type_password(browser, fon)

    assert not is_in(browser)


# ── locked out ────────────────────────────────────────────────────────────────
def test_wrong_codes_lock_out_and_then_neither_password_nor_code_is_looked_at(browser, fon, phone):
    answers = []
    for n in range(5):
        type_password(browser, fon)
        answers.append(type_code(browser, f"0000-0000-0000-000{n}").status_code)
    assert answers == [200] * 4 + [429]

    for word in (PASSWORD, "wrong"):
        page = browser.post(LOGIN, {"username": fon.email, "password": word})
        assert page.status_code == 429
        assert "Too many failed attempts" in page.text
    assert browser.get(CODE)["Location"] == LOGIN


def test_who_is_half_way_in_when_the_account_is_locked_is_told_to_wait(half, fon, phone):
    for _ in range(5):
        half.post(LOGIN, {"username": fon.email, "password": "wrong"})
    type_password(half, fon)

    assert type_code(half, phone.code()).status_code in (302, 429)
    assert not is_in(half)


def test_a_phone_s_codes_wait_after_wrong_ones(half, phone):
    type_code(half, phone.wrong_code())
    type_code(half, phone.wrong_code())

    assert not is_in(half)
