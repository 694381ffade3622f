from uuid import uuid4

import pytest

from accounts.access import WrongToken
from accounts.models import Ending, User
from accounts.permissions import GRANTS, Role
from accounts.tokens import open_sign_in
from apikeys.keys import WrongKey, forget_keys, revoke_key
from apikeys.models import ApiKey
from core.actor import Actor, Door
from core.errors import InvalidInput
from credentials.callers import KeyRequired, credential_of, credential_of_headers, look_again
from tenants.errors import HospitalInactive, HospitalNotFound
from tenants.provisioning import switch_hospital
from tests.conftest import make_api_key


@pytest.fixture
def key(in_hospital):
    return make_api_key(in_hospital, "read:bookings")


@pytest.fixture
def token(in_hospital, people):
    return open_sign_in(people.doctor).access_token


def test_a_key_is_taken_in_its_own_header_and_as_a_bearer(key, hospital):
    own = credential_of_headers({"x-api-key": key}, Door.MCP)
    bearer = credential_of_headers({"authorization": f"Bearer {key}"}, Door.MCP)

    assert (own.name, own.actor) == (bearer.name, bearer.actor)
    assert (own.hospital, own.actor.door, own.scopes) == (hospital, "mcp", {"read:bookings"})


def test_an_access_token_is_the_person_with_their_own_records(token, people, hospital):
    bob = credential_of_headers({"authorization": f"bearer {token}"}, Door.MCP)

    assert (bob.hospital, bob.actor.grants) == (hospital, GRANTS[Role.DOCTOR])
    assert (bob.actor.practitioner_id, bob.claims.user_id) == (people.dr_bob.pk, people.doctor.pk)


def test_without_credentials_nobody_calls():
    with pytest.raises(KeyRequired):
        credential_of_headers({"authorization": "Basic abc"}, Door.MCP)


def test_of_two_callers_none_is_chosen(key, token):
    with pytest.raises(InvalidInput):
        credential_of_headers({"x-api-key": key, "authorization": f"Bearer {token}"}, Door.MCP)


@pytest.mark.parametrize("text", ["x", "a.b.c", "nadmor_x_y_z", "é" * 10])
def test_what_is_neither_key_nor_token_opens_nothing(db, text):
    with pytest.raises((WrongKey, WrongToken)):
        credential_of(text, Door.MCP)


def test_a_hospital_that_is_switched_off_refuses_key_and_token(key, token, hospital):
    switch_hospital(hospital, active=False)

    for text in (key, token):
        with pytest.raises(HospitalInactive):
            credential_of(text, Door.MCP)


def test_a_credential_of_a_hospital_finds_no_other(key, hospital, other_hospital):
    ours = credential_of(key, Door.MCP)

    assert ours.hospital_named() == hospital
    assert ours.hospital_named(subdomain="ploy", uuid=hospital.uuid) == hospital
    for named in ({"subdomain": "rama"}, {"uuid": other_hospital.uuid}, {"uuid": uuid4()}):
        with pytest.raises(HospitalNotFound):
            ours.hospital_named(**named)


def test_a_credential_of_the_platform_names_any_hospital(hospital, other_hospital):
    platform = credential_of(make_api_key(None, "read:bookings"), Door.MCP)

    assert platform.hospital_named() is None
    assert platform.hospital_named(subdomain="rama") == other_hospital
    assert platform.hospital_named(uuid=hospital.uuid) == hospital
    with pytest.raises(HospitalNotFound):
        platform.hospital_named(subdomain="rama", uuid=hospital.uuid)


def test_a_second_look_sees_a_key_that_was_revoked_elsewhere(key):
    ours = credential_of(key, Door.MCP)
    assert look_again(ours) == ours

    # As another process would: this one still remembers the key.
    ApiKey.objects.filter(public_id=ours.name.removeprefix("key:")).update(is_active=False)

    assert credential_of(key, Door.MCP).name == ours.name
    with pytest.raises(WrongKey):
        look_again(ours)


def test_a_second_look_sees_new_scopes(key):
    ours = credential_of(key, Door.MCP)
    ApiKey.objects.filter(public_id=ours.name.removeprefix("key:")).update(scopes=["write:bookings"])

    assert look_again(ours).scopes == {"write:bookings"}


def test_a_second_look_sees_a_person_who_signed_out_or_changed_role(token, people):
    bob = credential_of(token, Door.MCP)
    # A row of its own: the people of a hospital are shared by all tests.
    doctor = User.objects.get(pk=people.doctor.pk)
    doctor.role = Role.NURSE
    doctor.save()
    assert look_again(bob).actor.grants == GRANTS[Role.NURSE]

    doctor.end_sign_ins(Ending.LOGOUT)
    with pytest.raises(WrongToken):
        look_again(bob)


def test_a_revoked_key_opens_nothing(key):
    ours = credential_of(key, Door.MCP)
    revoke_key(
        Actor.system("tests", "keys.write"),
        ApiKey.objects.get(public_id=ours.name.removeprefix("key:")),
    )
    forget_keys()

    with pytest.raises(WrongKey):
        credential_of(key, Door.MCP)


def test_a_key_of_a_hospital_has_no_verb_of_the_platform(in_hospital):
    ours = credential_of(make_api_key(in_hospital, "admin:platform", "admin:hospital"), Door.MCP)
    platform = credential_of(make_api_key(None, "admin:platform"), Door.MCP)

    assert not {"hospitals.write", "hospitals.read", "keys.write", "plans.write"} & ours.actor.grants
    assert "users.write" in ours.actor.grants
    assert {"hospitals.write", "keys.write", "plans.write"} <= platform.actor.grants
