"""Signing in at ``/api/auth/login/``: who gets tokens, where, and what nobody learns."""

import jwt
import pytest
from django.conf import settings

from accounts.models import SignIn, User
from accounts.permissions import Role
from apikeys.policies import POLICIES
from core import clock
from tenants.context import inside
from tests.api.signing_in import PLOY, PUBLIC, RAMA, Program
from tests.api.stored import alter, nothing_stored
from tests.api.wire import UUID, refusal, wrong
from tests.support.people import PASSWORD


def claims_of(tokens):
    return jwt.decode(tokens["access_token"], settings.JWT_SECRET, ["HS256"], audience="nadmor")


@pytest.mark.parametrize("role", Role)
def test_everybody_of_a_hospital_signs_in_at_its_host(people, role):
    answer = Program(PLOY).login(people.by_role(role).email)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()) == {
        "access_token", "refresh_token", "token_type", "expires_in", "refresh_expires_in",
    }  # fmt: skip
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 15 * 60)
    assert answer.json()["refresh_expires_in"] in (7 * 24 * 3600, 7 * 24 * 3600 - 1)


def test_an_access_token_says_who_where_and_until_when(hospital, people):
    before = clock.epoch_now()
    tokens = Program(PLOY).tokens(people.desk.email)

    said = claims_of(tokens)
    assert said == {
        "iss": "localhost",
        "aud": "nadmor",
        "iat": said["iat"],
        "exp": said["iat"] + 900,
        "jti": UUID,
        "sid": UUID,
        "user_id": str(people.desk.pk),
        "email": people.desk.email,
        "role": "FRONT_DESK",
        "hospital_id": str(hospital.uuid),
    }
    assert before <= said["iat"] <= clock.epoch_now()


def test_on_the_public_host_the_body_names_the_hospital(hospital, people):
    tokens = Program(PUBLIC).tokens(people.desk.email, subdomain="ploy")

    assert claims_of(tokens)["hospital_id"] == str(hospital.uuid)


@pytest.mark.parametrize("more", [{}, {"subdomain": ""}])
def test_on_the_public_host_without_a_hospital_an_operator_signs_in(db, more):
    said = claims_of(Program(PUBLIC).tokens("operator@nadmor.example", **more))

    assert (said["hospital_id"], said["role"]) == (None, "ADMIN")


def test_an_operator_is_nobody_in_a_hospital_and_its_people_are_nobody_on_the_platform(people):
    refusal(Program(PLOY).login("operator@nadmor.example"), 401, "AUTH_INVALID", "wrong_login")
    refusal(Program(PUBLIC).login(people.admin.email), 401, "AUTH_INVALID", "wrong_login")


def test_somebody_without_a_part_on_the_platform_does_not_sign_in_there(db):
    User.objects.create_user("nurse@nadmor.example", PASSWORD, first_name="Nurse", role=Role.NURSE)

    refusal(Program(PUBLIC).login("nurse@nadmor.example"), 401, "AUTH_INVALID", "wrong_login")


def test_two_people_of_one_address_in_two_hospitals_are_two(hospital, other_hospital):
    ids = []
    for place, password in ((hospital, "first-long-phrase"), (other_hospital, "second-long-phrase")):
        with inside(place):
            ids.append(User.objects.create_user("same@example.org", password, first_name="Same").pk)

    assert claims_of(Program(PLOY).tokens("same@example.org", password="first-long-phrase"))[
        "user_id"
    ] == str(ids[0])
    assert claims_of(Program(RAMA).tokens("same@example.org", password="second-long-phrase"))[
        "user_id"
    ] == str(ids[1])
    refusal(Program(RAMA).login("same@example.org", "first-long-phrase"), 401, "AUTH_INVALID", "wrong_login")


def test_the_case_of_an_address_does_not_matter(people):
    assert Program(PLOY).login(people.desk.email.upper()).status_code == 200


def test_the_body_may_repeat_the_hospital_of_the_host_and_not_name_another(people):
    assert Program(PLOY).login(people.desk.email, subdomain="ploy").status_code == 200

    for other in ("rama", "nowhere"):
        wrong(Program(PLOY).login(people.desk.email, subdomain=other), "subdomain")


def everything_wrong(people):
    """What is wrong about each, and who tries where with what."""
    yield "password", PLOY, (people.desk.email, "not-the-password"), {}
    yield "spaces", PLOY, (people.desk.email, f" {PASSWORD} "), {}
    yield "user", PLOY, ("nobody@ploy.example", PASSWORD), {}
    yield "hospital", PLOY, ("fon@rama.example", PASSWORD), {}
    yield "no such hospital", PUBLIC, (people.desk.email, PASSWORD), {"subdomain": "nowhere"}
    yield "no name of a hospital", PUBLIC, (people.desk.email, PASSWORD), {"subdomain": "../ploy"}
    yield "no longer here", PLOY, (people.nurse.email, PASSWORD), {}


def test_whatever_is_wrong_the_answer_is_the_same(hospital, people):
    with inside(hospital):
        User.objects.filter(pk=people.nurse.pk).update(is_active=False)
    told = {}

    for what, host, who, more in everything_wrong(people):
        answer = Program(host).login(*who, **more)
        assert refusal(answer, 401, "AUTH_INVALID") == {"reason": "wrong_login"}, what
        assert answer["WWW-Authenticate"] == 'ApiKey, Bearer realm="NadMor"'
        told[what] = answer.json()["error"]["message"]

    assert len(set(told.values())) == 1
    with inside(hospital):
        assert not SignIn.objects.exists()


def test_a_password_is_hashed_once_whoever_is_asked_for(hospital, people, monkeypatch):
    with inside(hospital):
        User.objects.filter(pk=people.nurse.pk).update(is_active=False)
    from django.contrib.auth.hashers import MD5PasswordHasher  # noqa: PLC0415

    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args, **more: hashed.append(1) or real(self, *args, **more)
    )
    cost = {}
    for what, host, who, more in everything_wrong(people):
        hashed.clear()
        Program(host).login(*who, **more)
        cost[what] = len(hashed)

    assert set(cost.values()) == {1}, cost


def test_a_hospital_that_is_switched_off_says_so_to_its_people_alone(hospital, people):
    alter(hospital, is_active=False)

    with nothing_stored("rama"):
        mine = Program(PUBLIC).login(people.desk.email, subdomain="ploy")
        guess = Program(PUBLIC).login(people.desk.email, "not-the-password", subdomain="ploy")

    refusal(mine, 403, "PERMISSION_DENIED", "hospital_inactive")
    refusal(guess, 401, "AUTH_INVALID", "wrong_login")
    refusal(Program(PLOY).login(people.desk.email), 403, "PERMISSION_DENIED", "hospital_inactive")
    with inside(hospital):
        assert not SignIn.objects.exists()


def test_a_host_of_nobody_is_not_found(db):
    refusal(
        Program("nowhere.localhost").login("a@b.example"), 404, "RESOURCE_NOT_FOUND", "hospital_not_found"
    )


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ("email", "password")),
        ({"email": "fon@ploy.example"}, ("password",)),
        ({"email": "", "password": ""}, ("email", "password")),
        ({"email": "nothing", "password": "x"}, ("email",)),
        ({"email": "a@b.example\x00", "password": "x\x00"}, ("email", "password")),
        ({"email": "a@b.example", "password": "\ud800"}, ("password",)),
        ({"email": "a@b.example", "password": "x" * 1025}, ("password",)),
        ({"email": f"{'a' * 250}@b.example", "password": "x"}, ("email",)),
        ({"email": ["a@b.example"], "password": {"a": 1}}, ("email", "password")),
        ({"email": 1, "password": True, "subdomain": None}, ("email", "password", "subdomain")),
        ([], ("body",)),
    ],
)
def test_what_cannot_be_a_login_is_told_by_its_fields(db, body, fields):
    wrong(Program(PLOY).post("login", body), *fields)


def test_nothing_but_post_is_done_here(db):
    for name in ("login", "refresh", "logout"):
        for method in ("get", "head", "put", "patch", "delete", "options"):
            answer = getattr(Program(PLOY).client, method)(f"/api/auth/{name}/", headers={"host": PLOY})
            assert answer.status_code == 405, (name, method)


def test_a_sign_in_is_noted_in_the_account(hospital, people):
    Program(PLOY).tokens(people.desk.email)

    with inside(hospital):
        assert User.objects.get(pk=people.desk.pk).last_login is not None


def test_a_key_or_a_token_beside_the_login_is_not_looked_at(people):
    program = Program(PLOY)

    answer = program.post(
        "login",
        {"email": people.desk.email, "password": PASSWORD},
        **{"x-api-key": "x", "authorization": "Bearer x"},
    )

    assert answer.status_code == 200


def test_one_address_may_try_so_often_a_minute_whatever_it_tries(people):
    program, most = Program(PLOY), POLICIES["login"].amount
    codes = [program.login(f"user{n}@ploy.example", "x").status_code for n in range(most)]
    assert set(codes) == {401}

    answer = program.login(people.desk.email)

    refusal(answer, 429, "RATE_LIMIT", "too_many_requests")
    assert 0 < int(answer["Retry-After"]) <= 60
    assert Program(PLOY).login(people.desk.email).status_code == 200
