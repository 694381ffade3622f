"""Who may come in at all (401), and who may do what (403)."""

from datetime import timedelta

import pytest

from apikeys.keys import create_key, forget_keys, revoke_key
from apikeys.models import ApiKey
from apikeys.scopes import SCOPES
from core import clock
from core.actor import Actor
from tests.api.contract import checked
from tests.api.operations import OPERATIONS, READ, WRITE
from tests.api.stored import nothing_stored
from tests.api.wire import refusal
from tests.conftest import make_api_key
from tests.support.rest import Rest

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


def mistyped(key: str) -> str:
    """The key with one letter of its secret exchanged for another."""
    place = len(key) - 10
    return key[:place] + ("a" if key[place] != "a" else "b") + key[place + 1 :]


@each_operation
def test_without_a_key_nothing_is_answered_and_nothing_is_stored(hospital, ids, operation):
    nobody = checked(Rest(hospital, None))

    with nothing_stored():
        answer = operation.ask(nobody, ids)

    assert refusal(answer, 401, "AUTH_REQUIRED") == {"reason": "key_required"}
    assert answer["WWW-Authenticate"] == 'ApiKey, Bearer realm="NadMor"'


@each_operation
def test_with_a_mistyped_key_nothing_is_answered_and_nothing_is_stored(rest, ids, operation):
    with nothing_stored():
        answer = operation.ask(rest, ids, x_api_key=mistyped(rest.key))

    assert refusal(answer, 401, "AUTH_INVALID") == {"reason": "wrong_key"}
    assert answer["WWW-Authenticate"] == 'ApiKey, Bearer realm="NadMor"'


WRONG = ["x", "nadmor", "ก", "a" * 5000, "nadmor_" + "0" * 10 + "_" + "0" * 32 + "_" + "0" * 6, "' OR 1=1 --"]


@pytest.mark.parametrize("key", WRONG)
def test_what_is_no_key_at_all_is_refused(rest, ids, key):
    answer = OPERATIONS[0].ask(rest, ids, x_api_key=key.encode().decode("latin-1"))

    assert refusal(answer, 401, "AUTH_INVALID") == {"reason": "wrong_key"}


def test_a_well_formed_key_that_was_never_given_out_is_refused(rest, ids, hospital):
    key = make_api_key(hospital)
    ApiKey.objects.filter(public_id=key.split("_")[1]).delete()

    refusal(OPERATIONS[0].ask(rest, ids, x_api_key=key), 401, "AUTH_INVALID", "wrong_key")


def test_the_key_is_the_whole_key_and_its_case_matters(rest, ids):
    for key in (rest.key[:-1], rest.key + "0", rest.key.swapcase(), f"{rest.key},{rest.key}"):
        refusal(OPERATIONS[0].ask(rest, ids, x_api_key=key), 401, "AUTH_INVALID", "wrong_key")


def test_an_empty_key_counts_as_none(rest, ids):
    refusal(OPERATIONS[0].ask(rest, ids, x_api_key=""), 401, "AUTH_REQUIRED", "key_required")


def test_a_key_in_the_address_or_another_header_is_not_looked_for(hospital, rest):
    nobody = Rest(hospital, None)

    in_the_address = nobody.get("/event-types", api_key=rest.key)
    as_a_token = nobody.get("/event-types", headers={"Authorization": f"Bearer {rest.key}"})

    refusal(in_the_address, 401, "AUTH_REQUIRED", "key_required")
    refusal(as_a_token, 401, "AUTH_INVALID", "wrong_token")


@each_operation
def test_a_revoked_key_is_refused_at_once_even_if_it_was_just_used(rest, ids, operation):
    assert rest.get("/event-types").status_code == 200
    revoke_key(Actor.system("tests", "keys.write"), ApiKey.objects.get(public_id=rest.key.split("_")[1]))

    with nothing_stored():
        answer = operation.ask(rest, ids)

    assert refusal(answer, 401, "AUTH_INVALID") == {"reason": "wrong_key"}


@each_operation
def test_an_expired_key_is_refused(rest, hospital, ids, operation):
    system = Actor.system("tests", "keys.write")
    just_now = clock.now() - timedelta(seconds=1)
    _row, text = create_key(system, name="old", scopes=[READ, WRITE], hospital=hospital, expires_at=just_now)

    with nothing_stored():
        answer = operation.ask(rest, ids, x_api_key=text)

    assert refusal(answer, 401, "AUTH_INVALID") == {"reason": "wrong_key"}


def test_a_key_that_expires_while_it_is_remembered_is_refused(rest, ids):
    assert rest.get("/event-types").status_code == 200
    row = ApiKey.objects.filter(public_id=rest.key.split("_")[1])
    row.update(expires_at=clock.now() + timedelta(hours=1))
    forget_keys()
    assert rest.get("/event-types").status_code == 200
    row.update(expires_at=clock.now() - timedelta(hours=1))
    forget_keys()

    refusal(rest.get("/event-types"), 401, "AUTH_INVALID", "wrong_key")


@each_operation
def test_no_other_scope_opens_an_operation_nor_all_others_together(rest, hospital, ids, operation):
    others = [scope for scope in SCOPES if scope != operation.scope]
    keys = [make_api_key(hospital, *scopes) for scopes in ([one] for one in others)]

    with nothing_stored():
        answers = [
            operation.ask(rest, ids, x_api_key=key) for key in (*keys, make_api_key(hospital, *others))
        ]

    for answer in answers:
        assert refusal(answer, 403, "PERMISSION_DENIED") == {
            "reason": "scope_lacking",
            "scope": operation.scope,
        }


@each_operation
def test_the_one_scope_of_an_operation_is_enough(rest, hospital, ids, operation):
    answer = operation.ask(rest, ids, x_api_key=make_api_key(hospital, operation.scope))

    assert answer.status_code == operation.status, answer.content


@each_operation
def test_a_key_of_the_platform_opens_every_hospital(rest, other_rest, ids, operation):
    key = make_api_key(None)

    assert operation.ask(rest, ids, x_api_key=key).status_code == operation.status
    assert other_rest.get("/event-types", headers={"X-API-Key": key}).status_code == 200


def test_head_needs_the_scope_of_get(rest, hospital, offer, ids):
    for one in OPERATIONS:
        if one.method == "GET":
            keys = {scope: make_api_key(hospital, scope) for scope in (READ, WRITE)}
            assert one.ask(rest, ids, method="HEAD", x_api_key=keys[READ]).status_code == 200
            assert one.ask(rest, ids, method="HEAD", x_api_key=keys[WRITE]).status_code == 403
