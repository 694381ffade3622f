"""Refreshing and signing out: one use of a refresh token, one pair; a late copy ends everything."""

from datetime import timedelta

import pytest

from accounts.models import Ending, RefreshToken, SignIn, User
from core import clock
from tenants.context import inside, outside
from tests.api.signing_in import PLOY, PUBLIC, RAMA, Program
from tests.api.stored import alter, nothing_stored
from tests.api.wire import refusal, wrong
from tests.support.people import PASSWORD
from tests.support.threads import together


@pytest.fixture
def program(people) -> Program:
    return Program(PLOY)


@pytest.fixture
def tokens(program, people) -> dict:
    return program.tokens(people.desk.email)


def opens(program, tokens) -> int:
    return program.get(tokens["access_token"]).status_code


def let_pass(hospital, **back: timedelta) -> None:
    """Set times of all tokens back, as if that much had passed."""
    with inside(hospital):
        for token in RefreshToken.objects.all():
            for name, by in back.items():
                if (at := getattr(token, name)) is not None:
                    setattr(token, name, at - by)
            token.save()


def test_a_refresh_token_gives_a_new_pair_that_works(program, tokens):
    answer = program.refresh(tokens["refresh_token"])

    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    new = answer.json()
    assert new["refresh_token"] != tokens["refresh_token"]
    assert new["access_token"] != tokens["access_token"]
    assert opens(program, new) == opens(program, tokens) == 200
    assert program.refresh(new["refresh_token"]).status_code == 200


def test_of_sixteen_requests_with_one_refresh_token_one_gets_a_pair_and_keeps_it(fresh_hospital):
    User.objects.create_user("fon@fresh.example", PASSWORD, first_name="Fon", role="ADMIN")
    host = "fresh.localhost"
    token = Program(host).tokens("fon@fresh.example")["refresh_token"]
    programs = [Program(host) for _ in range(16)]

    answers = together(fresh_hospital, [lambda one=one: one.refresh(token) for one in programs])

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [401] * 15, codes
    for answer in answers:
        if answer.status_code == 401:
            refusal(answer, 401, "AUTH_INVALID", "refresh_token_used")
    # Nobody took the winner's sign-in away: their siblings were no thieves.
    pair = next(answer for answer in answers if answer.status_code == 200).json()
    assert programs[0].get(pair["access_token"], subdomain="fresh").status_code == 200
    assert Program(host).refresh(pair["refresh_token"]).status_code == 200
    with inside(fresh_hospital):
        assert RefreshToken.objects.count() == 3


def test_five_times_sixteen_requests_give_five_pairs(fresh_hospital):
    User.objects.create_user("fon@fresh.example", PASSWORD, first_name="Fon", role="ADMIN")
    program = Program("fresh.localhost")
    token = program.tokens("fon@fresh.example")["refresh_token"]

    for _round in range(5):
        racers = [Program("fresh.localhost") for _ in range(16)]
        answers = together(
            fresh_hospital, [lambda one=one, token=token: one.refresh(token) for one in racers]
        )
        (pair,) = [answer.json() for answer in answers if answer.status_code == 200]
        token = pair["refresh_token"]


def test_a_second_click_is_refused_and_costs_nobody_their_sign_in(program, tokens):
    new = program.refresh(tokens["refresh_token"]).json()

    refusal(program.refresh(tokens["refresh_token"]), 401, "AUTH_INVALID", "refresh_token_used")

    assert opens(program, new) == 200
    assert program.refresh(new["refresh_token"]).status_code == 200


def test_a_used_token_that_comes_later_ends_the_whole_sign_in(hospital, program, tokens, caplog):
    new = program.refresh(tokens["refresh_token"]).json()
    let_pass(hospital, used_at=timedelta(seconds=11))

    answer = Program(PLOY).refresh(tokens["refresh_token"])

    refusal(answer, 401, "AUTH_INVALID", "refresh_token_used")
    refusal(program.refresh(new["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")
    assert opens(program, new) == opens(program, tokens) == 401
    with inside(hospital):
        assert SignIn.objects.get().ending == Ending.REUSE
    assert "a used refresh token came again" in caplog.text
    assert "ploy.example" not in caplog.text


def test_a_used_token_whose_successor_is_used_too_ends_it_at_once(program, tokens):
    second = program.refresh(tokens["refresh_token"]).json()
    third = program.refresh(second["refresh_token"]).json()

    refusal(program.refresh(tokens["refresh_token"]), 401, "AUTH_INVALID", "refresh_token_used")

    assert opens(program, third) == 401
    refusal(program.refresh(third["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")


def test_the_end_of_one_sign_in_leaves_others_alone(hospital, program, people, tokens):
    other = program.tokens(people.desk.email)
    program.refresh(tokens["refresh_token"])
    let_pass(hospital, used_at=timedelta(minutes=1))
    program.refresh(tokens["refresh_token"])

    assert opens(program, other) == 200
    assert program.refresh(other["refresh_token"]).status_code == 200


def test_signing_out_ends_every_token_of_the_sign_in_at_once(program, tokens):
    new = program.refresh(tokens["refresh_token"]).json()

    answer = program.logout(new["refresh_token"])

    assert (answer.status_code, answer.content) == (204, b"")
    assert opens(program, new) == opens(program, tokens) == 401
    refusal(program.refresh(new["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")


def test_signing_out_with_a_used_token_works_too_and_twice_is_no_fault(program, tokens):
    new = program.refresh(tokens["refresh_token"]).json()

    assert program.logout(tokens["refresh_token"]).status_code == 204
    assert program.logout(tokens["refresh_token"]).status_code == 204
    assert opens(program, new) == 401


WRONG = ["x", "nadmor_refresh_", "nadmor_refresh_platform_x", f"nadmor_refresh_{'0' * 32}_{'A' * 43}", "ก"]


@pytest.mark.parametrize("token", WRONG)
def test_what_is_no_refresh_token_is_refused_and_signs_nobody_out(program, tokens, token):
    refusal(program.refresh(token), 401, "AUTH_INVALID", "wrong_refresh_token")
    assert program.logout(token).status_code == 204
    assert opens(program, tokens) == 200


@pytest.mark.parametrize("name", ["refresh", "logout"])
@pytest.mark.parametrize(
    "body", [{}, {"refresh_token": ""}, {"refresh_token": 1}, {"refresh_token": "x" * 201}]
)
def test_a_body_without_a_token_is_told_so(program, name, body):
    wrong(program.post(name, body), "refresh_token")


def test_an_access_token_is_no_refresh_token_nor_the_other_way(program, tokens):
    wrong(program.refresh(tokens["access_token"]), "refresh_token")
    assert program.get(tokens["refresh_token"]).status_code == 401


def test_a_token_with_another_hospital_written_into_it_is_worth_nothing(
    other_hospital, hospital, program, tokens
):
    moved = tokens["refresh_token"].replace(hospital.uuid.hex, other_hospital.uuid.hex)
    nobodys = tokens["refresh_token"].replace(hospital.uuid.hex, "platform")

    for host in (PUBLIC, RAMA):
        for token in (moved, nobodys):
            with nothing_stored():
                refusal(Program(host).refresh(token), 401, "AUTH_INVALID", "wrong_refresh_token")


def test_at_another_hospitals_host_a_refresh_token_is_worth_nothing_and_stays_unused(program, tokens):
    with nothing_stored():
        refusal(Program(RAMA).refresh(tokens["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")
        assert Program(RAMA).logout(tokens["refresh_token"]).status_code == 204

    assert program.refresh(tokens["refresh_token"]).status_code == 200


def test_on_the_public_host_the_token_itself_names_its_hospital(tokens):
    assert Program(PUBLIC).refresh(tokens["refresh_token"]).status_code == 200


def test_an_operators_tokens_live_on_the_platform_alone(hospital):
    operator = Program(PUBLIC)
    tokens = operator.tokens("operator@nadmor.example")

    refusal(Program(PLOY).refresh(tokens["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")
    assert operator.refresh(tokens["refresh_token"]).status_code == 200
    with outside():
        assert RefreshToken.objects.count() == 2
    with inside(hospital):
        assert not RefreshToken.objects.exists()


def test_a_hospital_that_is_switched_off_refuses_and_the_token_stays_good(hospital, tokens):
    alter(hospital, is_active=False)
    with nothing_stored():
        refusal(
            Program(PUBLIC).refresh(tokens["refresh_token"]), 403, "PERMISSION_DENIED", "hospital_inactive"
        )
        guess = tokens["refresh_token"][:-1] + ("A" if tokens["refresh_token"][-1] != "A" else "B")
        refusal(Program(PUBLIC).refresh(guess), 401, "AUTH_INVALID", "wrong_refresh_token")
    alter(hospital, is_active=True)

    assert Program(PUBLIC).refresh(tokens["refresh_token"]).status_code == 200


def test_a_refresh_token_runs_out(hospital, program, tokens):
    let_pass(hospital, expires_at=timedelta(days=7, seconds=1))

    refusal(program.refresh(tokens["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")


def test_however_often_it_is_renewed_a_sign_in_ends_after_thirty_days(hospital, program, tokens):
    with inside(hospital):
        SignIn.objects.update(expires_at=clock.now() + timedelta(hours=1))
    last = program.refresh(tokens["refresh_token"]).json()
    assert 3590 < last["refresh_expires_in"] <= 3600

    with inside(hospital):
        SignIn.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    refusal(program.refresh(last["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")
    assert opens(program, last) == 401


def test_a_new_password_ends_every_sign_in_and_a_new_name_ends_none(hospital, program, people, tokens):
    with inside(hospital):
        user = User.objects.get(pk=people.desk.pk)
        user.last_name = "Married"
        user.save()
    assert opens(program, tokens) == 200

    with inside(hospital):
        user.set_password("another-long-phrase")
        user.save()

    assert opens(program, tokens) == 401
    refusal(program.refresh(tokens["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")
    with inside(hospital):
        assert SignIn.objects.get().ending == Ending.PASSWORD


def test_a_hash_that_is_brought_up_to_date_at_a_login_ends_no_sign_in(
    hospital, program, people, tokens, settings
):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher", "django.contrib.auth.hashers.MD5PasswordHasher",
    ]  # fmt: skip
    program.tokens(people.desk.email)

    with inside(hospital):
        assert User.objects.get(pk=people.desk.pk).password.startswith("pbkdf2")
    assert opens(program, tokens) == 200


def test_who_is_switched_off_is_out_at_once_and_stays_out_when_switched_on_again(
    hospital, program, people, tokens
):
    with inside(hospital):
        user = User.objects.get(pk=people.desk.pk)
        user.is_active = False
        user.save()
    assert opens(program, tokens) == 401
    refusal(program.refresh(tokens["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")

    with inside(hospital):
        user.is_active = True
        user.save()

    assert opens(program, tokens) == 401


def test_even_behind_the_models_back_who_is_switched_off_gets_no_new_pair(hospital, program, people, tokens):
    with inside(hospital):
        User.objects.filter(pk=people.desk.pk).update(is_active=False)

    refusal(program.refresh(tokens["refresh_token"]), 401, "AUTH_INVALID", "wrong_refresh_token")
    assert opens(program, tokens) == 401


def test_no_token_is_stored_as_it_is(hospital, tokens):
    with inside(hospital):
        stored = str(list(RefreshToken.objects.values())) + str(list(SignIn.objects.values()))

    assert tokens["refresh_token"].rpartition("_")[2] not in stored
    assert tokens["access_token"] not in stored
