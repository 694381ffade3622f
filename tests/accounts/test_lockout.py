"""Wrong passwords lock out, at the REST door and at the log-in pages, where they were tried."""

import logging
from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.test import Client

from accounts.lockout import forget_old_attempts
from accounts.models import User
from apikeys.policies import POLICIES, Rate
from core import clock
from tenants.context import inside
from tests.api.signing_in import PLOY, PUBLIC, RAMA, Program
from tests.api.wire import refusal
from tests.support.people import PASSWORD
from tests.support.threads import together


@pytest.fixture(autouse=True)
def many_tries_for_each_address(monkeypatch):
    """Here it is about the lock alone, not about the limit of tries for each address."""
    monkeypatch.setitem(POLICIES, "login", Rate(1000, 60))


def guess(program, email, times):
    """Statuses of so many guesses."""
    return [program.login(email, f"guess-{n}").status_code for n in range(times)]


def let_pass(hospital, **time):
    with inside(hospital):
        for attempt in AccessAttempt.objects.all():
            attempt.attempt_time -= timedelta(**time)
            attempt.save()


def typed(address, email, password, *, host=PLOY, language="en"):
    """What the log-in page answers."""
    browser = Client(REMOTE_ADDR=address, headers={"host": host, "accept-language": language})
    return browser.post("/admin/login/", {"username": email, "password": password, "next": "/admin/"})


# ── at the REST door ──────────────────────────────────────────────────────────
def test_after_five_wrong_passwords_even_the_right_one_is_not_looked_at(people):
    program = Program(PLOY)
    assert guess(program, people.desk.email, 5) == [401] * 5

    answer = program.login(people.desk.email)

    told = refusal(answer, 429, "RATE_LIMIT", "locked_out")
    assert answer["Retry-After"] == str(told["retry_after"])
    assert 890 < told["retry_after"] <= 900
    assert answer["Cache-Control"] == "no-store"


def test_four_wrong_passwords_are_forgotten_after_a_right_one(people):
    program = Program(PLOY)

    for _ in range(2):
        assert guess(program, people.desk.email, 4) == [401] * 4
        assert program.login(people.desk.email).status_code == 200


def test_the_wait_ends_and_trying_meanwhile_does_not_make_it_longer(hospital, people):
    program = Program(PLOY)
    guess(program, people.desk.email, 5)
    let_pass(hospital, minutes=10)

    assert (
        290 < refusal(program.login(people.desk.email), 429, "RATE_LIMIT", "locked_out")["retry_after"] <= 300
    )
    let_pass(hospital, minutes=5)

    assert program.login(people.desk.email).status_code == 200


def test_after_the_wait_there_are_five_tries_again(hospital, people):
    program = Program(PLOY)
    guess(program, people.desk.email, 5)
    let_pass(hospital, minutes=16)

    assert guess(program, people.desk.email, 6) == [401] * 5 + [429]


def test_whether_there_is_such_a_person_does_not_show(people):
    assert guess(Program(PLOY), "nobody@ploy.example", 6) == guess(Program(PLOY), people.desk.email, 6)


def test_neither_another_address_nor_another_person_is_locked_out(people):
    program = Program(PLOY)
    guess(program, people.desk.email, 6)

    assert Program(PLOY).login(people.desk.email).status_code == 200
    assert program.login(people.nurse.email).status_code == 200


def test_neither_case_nor_another_program_helps(people):
    program = Program(PLOY)
    spellings = [people.desk.email, people.desk.email.upper(), f"  {people.desk.email} "]
    codes = [
        program.post(
            "login", {"email": spellings[n % 3], "password": "x"}, **{"user-agent": f"browser {n}"}
        ).status_code
        for n in range(6)
    ]

    assert codes == [401] * 5 + [429]


def test_guessing_one_account_from_everywhere_ends_too(hospital, people):
    with inside(hospital):
        AccessAttempt.objects.bulk_create(
            AccessAttempt(username=people.desk.email, ip_address=f"192.0.2.{n}", failures_since_start=1)
            for n in range(50)
        )

    refusal(Program(PLOY).login(people.desk.email), 429, "RATE_LIMIT", "locked_out")
    assert Program(PLOY).login(people.nurse.email).status_code == 200


def test_one_right_password_does_not_forgive_what_others_tried_elsewhere(hospital, people):
    with inside(hospital):
        AccessAttempt.objects.create(
            username=people.desk.email,
            ip_address="192.0.2.1",
            failures_since_start=49,
            attempt_time=clock.now(),
        )
    assert Program(PLOY).login(people.desk.email).status_code == 200

    assert guess(Program(PLOY), people.desk.email, 2) == [401, 429]


def test_sixteen_guesses_at_once_are_no_more_than_sixteen_one_by_one(fresh_hospital):
    User.objects.create_user("fon@fresh.example", PASSWORD, first_name="Fon", role="ADMIN")
    programs = [Program("fresh.localhost", "10.9.8.7") for _ in range(16)]

    answers = together(
        fresh_hospital, [lambda one=one: one.login("fon@fresh.example", "guess") for one in programs]
    )

    told = sorted(answer.json()["error"]["details"]["reason"] for answer in answers)
    assert told == ["locked_out"] * 11 + ["wrong_login"] * 5


def test_sixteen_right_passwords_at_once_all_sign_in(fresh_hospital):
    User.objects.create_user("fon@fresh.example", PASSWORD, first_name="Fon", role="ADMIN")
    programs = [Program("fresh.localhost", "10.9.8.7") for _ in range(16)]

    answers = together(fresh_hospital, [lambda one=one: one.login("fon@fresh.example") for one in programs])

    assert [answer.status_code for answer in answers] == [200] * 16, [answer.content for answer in answers]


def test_the_same_address_in_another_hospital_is_another_person(hospital, other_hospital):
    for place in (hospital, other_hospital):
        with inside(place):
            User.objects.create_user("same@example.org", PASSWORD, first_name="Same")
    here = Program(PLOY)
    guess(here, "same@example.org", 6)

    assert Program(RAMA, here.address).login("same@example.org").status_code == 200
    with inside(other_hospital):
        assert not AccessAttempt.objects.exists()
    assert not AccessAttempt.objects.exists()
    with inside(hospital):
        assert AccessAttempt.objects.get().failures_since_start == 5


def test_operators_are_locked_out_on_the_platform(db):
    program = Program(PUBLIC)

    assert guess(program, "operator@nadmor.example", 6) == [401] * 5 + [429]


def test_an_ipv6_client_counts_as_the_network_that_it_owns(people):
    codes = [
        Program(PLOY, f"2001:db8:1:2::{n}").login(people.desk.email, "x").status_code for n in range(1, 7)
    ]

    assert codes == [401] * 5 + [429]
    assert Program(PLOY, "2001:db8:1:3::1").login(people.desk.email).status_code == 200


def test_what_a_client_writes_about_its_address_is_not_believed(people):
    program = Program(PLOY)
    codes = [
        program.post(
            "login", {"email": people.desk.email, "password": "x"}, **{"x-forwarded-for": f"192.0.2.{n}"}
        ).status_code
        for n in range(6)
    ]

    assert codes == [401] * 5 + [429]


def test_behind_a_proxy_of_ours_the_address_is_the_clients(people, settings):
    settings.TRUSTED_PROXIES = 1
    program = Program(PLOY)

    def login(address, password):
        body = {"email": people.desk.email, "password": password}
        return program.post("login", body, **{"x-forwarded-for": address}).status_code

    assert [login("192.0.2.1", "x") for _ in range(6)] == [401] * 5 + [429]
    assert login("192.0.2.2", PASSWORD) == 200


def test_the_limit_and_the_wait_are_settings(people, settings):
    settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME = 2, timedelta(hours=1)
    program = Program(PLOY)

    assert guess(program, people.desk.email, 3) == [401, 401, 429]
    assert refusal(program.login(people.desk.email), 429, "RATE_LIMIT")["retry_after"] > 3500


# ── at the log-in pages ───────────────────────────────────────────────────────
@pytest.mark.parametrize(("language", "words"), [("en", "Too many failed attempts"), ("th", "")])
def test_the_log_in_page_says_so_in_the_readers_language(people, language, words):
    for n in range(4):
        assert typed("10.1.1.1", people.desk.email, f"guess-{n}").status_code == 200
    fifth = typed("10.1.1.1", people.desk.email, "guess-5")
    right = typed("10.1.1.1", people.desk.email, PASSWORD, language=language)

    assert fifth.status_code == right.status_code == 429
    assert 0 < int(right["Retry-After"]) <= 900
    assert f'<html lang="{language}">' in right.text
    assert words in right.text
    assert "15" in right.text
    assert people.desk.email not in right.text
    assert "sessionid" not in right.cookies
    assert typed("10.1.1.2", people.desk.email, PASSWORD).status_code == 302


def test_both_doors_count_together(people):
    for n in range(3):
        typed("10.1.1.1", people.desk.email, f"guess-{n}")

    assert guess(Program(PLOY, "10.1.1.1"), people.desk.email, 3) == [401, 401, 429]
    assert typed("10.1.1.1", people.desk.email, PASSWORD).status_code == 429


def test_operators_are_locked_out_of_their_page_too(db):
    codes = [typed("10.1.1.1", "operator@nadmor.example", "x", host=PUBLIC).status_code for _ in range(5)]

    assert codes == [200] * 4 + [429]


def test_a_form_without_a_name_or_a_password_counts_for_nothing(hospital, people):
    for _ in range(6):
        assert typed("10.1.1.1", "", "x").status_code == 200
        assert typed("10.1.1.1", people.desk.email, "").status_code == 200

    with inside(hospital):
        assert not AccessAttempt.objects.exists()


# ── what is kept, and what is told ────────────────────────────────────────────
def test_of_an_attempt_nothing_is_kept_but_who_where_and_how_often(hospital, people):
    Program(PLOY).login(people.desk.email, "my-secret-password")
    typed("10.1.1.1", people.desk.email, "my-secret-password")

    with inside(hospital):
        kept = list(AccessAttempt.objects.values())
    assert len(kept) == 2
    for row in kept:
        assert "secret" not in str(row)
        assert (row["user_agent"], row["get_data"], row["post_data"], row["http_accept"]) == ("", "", "", "")


def test_neither_names_nor_addresses_nor_passwords_are_logged(people, caplog):
    with caplog.at_level(logging.DEBUG):
        program = Program(PLOY, "10.77.66.55")
        guess(program, people.desk.email, 6)
        typed("10.77.66.55", people.desk.email, "my-secret-password")
        Program(PLOY, "10.77.66.56").tokens(people.desk.email)

    logged = "\n".join(
        f"{record.getMessage()} {vars(record)}"
        for record in caplog.records
        if record.name != "django.db.backends"
    )
    for word in (people.desk.email, "10.77.66.5", "guess-", "my-secret", PASSWORD):
        assert word not in logged


def test_old_attempts_are_forgotten(hospital, people):
    guess(Program(PLOY), people.desk.email, 3)
    let_pass(hospital, minutes=16)
    guess(Program(PLOY), people.nurse.email, 1)

    with inside(hospital):
        assert (forget_old_attempts(), AccessAttempt.objects.get().username) == (1, people.nurse.email)


def test_an_operator_of_the_server_lets_somebody_in_again(hospital, people):
    program = Program(PLOY)
    guess(program, people.desk.email, 5)
    guess(program, people.nurse.email, 5)

    with inside(hospital):
        call_command("axes_reset_username", people.desk.email, stdout=StringIO())

    assert program.login(people.desk.email).status_code == 200
    refusal(program.login(people.nurse.email), 429, "RATE_LIMIT", "locked_out")


def test_without_a_request_nobody_is_locked_out(in_hospital, people):
    for _ in range(6):
        assert authenticate(email=people.desk.email, password="x") is None

    assert authenticate(email=people.desk.email, password=PASSWORD) == people.desk
