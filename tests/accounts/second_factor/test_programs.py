"""Signing in for programs: the password alone does not go around the second factor."""

import logging

import pytest

from accounts.models import User
from apikeys.policies import POLICIES, Rate
from events.outbox import history_of
from registry.actions import require_second_factor
from tenants.context import inside
from tests.api.signing_in import PLOY, PUBLIC, RAMA, Program
from tests.api.wire import refusal
from tests.support.people import PASSWORD
from tests.support.second_factor import give_phone, require
from tests.support.threads import together


@pytest.fixture(autouse=True)
def many_tries_for_each_address(monkeypatch):
    """Here it is about codes, not about the limit of tries for each address."""
    monkeypatch.setitem(POLICIES, "login", Rate(1000, 60))


@pytest.fixture
def fon(hospital, people) -> User:
    with inside(hospital):
        return User.objects.get(pk=people.desk.pk)


@pytest.fixture
def phone(hospital, fon):
    with inside(hospital):
        return give_phone(fon)


def test_the_password_alone_is_told_that_a_code_is_needed(fon, phone):
    for more in ({}, {"otp_code": ""}):
        refusal(Program(PLOY).login(fon.email, **more), 401, "AUTH_REQUIRED", "second_factor_needed")


def test_with_the_code_there_are_tokens_and_with_it_again_there_are_none(fon, phone):
    code = phone.code()

    assert Program(PLOY).login(fon.email, otp_code=code).status_code == 200
    refusal(Program(PLOY).login(fon.email, otp_code=code), 401, "AUTH_INVALID", "wrong_second_factor")


def test_a_recovery_code_signs_in_once_and_the_history_says_so_without_it(hospital, fon, phone):
    code = phone.recovery_codes[3]

    assert Program(PLOY).login(fon.email, otp_code=code).status_code == 200
    refusal(Program(PLOY).login(fon.email, otp_code=code), 401, "AUTH_INVALID", "wrong_second_factor")
    with inside(hospital):
        event = history_of("user", fon.pk)[-1]
    assert (event.type, event.door, event.data) == ("user.recovery_code_used", "api", {"left": 9})


def test_with_a_wrong_password_the_code_is_neither_looked_at_nor_used_up(fon, phone):
    code = phone.code()

    refusal(Program(PLOY).login(fon.email, "wrong", otp_code=code), 401, "AUTH_INVALID", "wrong_login")
    assert Program(PLOY).login(fon.email, otp_code=code).status_code == 200


def test_who_has_no_phone_needs_no_code_and_one_that_is_sent_does_no_harm(people):
    assert Program(PLOY).login(people.nurse.email, otp_code="123456").status_code == 200


@pytest.mark.parametrize("code", [123456, "x" * 65, "12\x0034"], ids=["number", "long", "nul"])
def test_what_cannot_be_a_code_is_refused_by_name(fon, phone, code):
    assert "otp_code" in refusal(Program(PLOY).login(fon.email, otp_code=code), 400, "VALIDATION_ERROR")


# ── required ──────────────────────────────────────────────────────────────────
def test_where_it_is_required_staff_without_a_phone_get_no_tokens(hospital, fon, people):
    require(hospital)

    refusal(Program(PLOY).login(fon.email), 403, "PERMISSION_DENIED", "second_factor_not_set_up")
    refusal(Program(PLOY).login(fon.email, "wrong"), 401, "AUTH_INVALID", "wrong_login")
    assert Program(PLOY).login(people.patient.email).status_code == 200
    with inside(hospital):
        phone = give_phone(fon)
    assert Program(PLOY).login(fon.email, otp_code=phone.code()).status_code == 200


def test_another_hospital_is_not_asked(hospital, other_people):
    require(hospital)

    assert Program(RAMA).login(other_people.desk.email).status_code == 200


def test_when_it_is_switched_on_what_was_signed_in_by_the_password_alone_ends(hospital, people, fon, phone):
    nora, alice, fons = Program(PLOY), Program(PLOY), Program(PLOY)
    of_nora = nora.tokens(people.nurse.email)["refresh_token"]
    of_alice = alice.tokens(people.patient.email)["refresh_token"]
    of_fon = fons.tokens(fon.email, otp_code=phone.code())["refresh_token"]

    with inside(hospital):
        require_second_factor(people.actor("ADMIN"), required=True)

    refusal(nora.refresh(of_nora), 401, "AUTH_INVALID", "wrong_refresh_token")
    assert alice.refresh(of_alice).status_code == 200
    assert fons.refresh(of_fon).status_code == 200


def test_operators_are_asked_by_a_setting(db, settings):
    settings.SECOND_FACTOR_FOR_OPERATORS = True
    operator = User.objects.get(email="operator@nadmor.example")

    refusal(Program(PUBLIC).login(operator.email), 403, "PERMISSION_DENIED", "second_factor_not_set_up")
    phone = give_phone(operator)
    assert Program(PUBLIC).login(operator.email, otp_code=phone.code()).status_code == 200


# ── locked out ────────────────────────────────────────────────────────────────
def test_wrong_codes_count_with_wrong_passwords_and_the_right_password_forgives_none(fon, phone):
    program = Program(PLOY)
    codes = phone.recovery_codes

    for n in range(2):
        refusal(program.login(fon.email, "wrong"), 401, "AUTH_INVALID", "wrong_login")
        refusal(
            program.login(fon.email, otp_code=f"0000-0000-0000-000{n}"),
            401,
            "AUTH_INVALID",
            "wrong_second_factor",
        )
        refusal(program.login(fon.email), 401, "AUTH_REQUIRED", "second_factor_needed")
    refusal(program.login(fon.email, otp_code="0" * 16), 401, "AUTH_INVALID", "wrong_second_factor")

    told = {
        str(refusal(program.login(fon.email, word, **more), 429, "RATE_LIMIT", "locked_out")["reason"])
        for word in (PASSWORD, "wrong")
        for more in ({}, {"otp_code": phone.code()}, {"otp_code": codes[0]}, {"otp_code": "0" * 16})
    }
    assert told == {"locked_out"}
    assert Program(PLOY).login(fon.email, otp_code=codes[0]).status_code == 200


def test_the_right_code_forgives_what_went_before(fon, phone):
    program = Program(PLOY)
    for code in phone.recovery_codes[:3]:
        for _ in range(4):
            program.login(fon.email, "wrong")
        assert program.login(fon.email, otp_code=code).status_code == 200


def test_a_phone_s_codes_wait_whatever_address_the_wrong_ones_came_from(fon, phone):
    for _ in range(2):
        Program(PLOY).login(fon.email, otp_code=phone.wrong_code())

    told = refusal(Program(PLOY).login(fon.email, otp_code=phone.code()), 429, "RATE_LIMIT", "locked_out")
    assert told["retry_after"] == 1


def test_sixteen_codes_at_once_are_no_more_than_sixteen_one_by_one(fresh_hospital):
    fon = User.objects.create_user("fon@fresh.example", PASSWORD, first_name="Fon", role="ADMIN")
    give_phone(fon)
    programs = [Program("fresh.localhost", "10.9.8.7") for _ in range(16)]

    answers = together(
        fresh_hospital, [lambda one=one: one.login(fon.email, otp_code="0" * 16) for one in programs]
    )

    told = sorted(answer.json()["error"]["details"]["reason"] for answer in answers)
    assert told == ["locked_out"] * 11 + ["wrong_second_factor"] * 5


# ── what is told ──────────────────────────────────────────────────────────────
def test_no_code_and_no_secret_is_logged(hospital, fon, phone, caplog):
    sent = [phone.code(), phone.wrong_code(), phone.recovery_codes[0]]
    with caplog.at_level(logging.DEBUG):
        for code in sent:
            Program(PLOY).login(fon.email, otp_code=code)

    logged = "\n".join(
        f"{record.getMessage()} {vars(record)}"
        for record in caplog.records
        if record.name != "django.db.backends"
    )
    for word in (*sent, phone.secret, fon.email, PASSWORD):
        assert word not in logged
