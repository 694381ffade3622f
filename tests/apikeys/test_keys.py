from datetime import timedelta

import pytest
from django.db import connection

from apikeys.keys import LAST_USED_STEP, WrongKey, check_key, create_key, forget_keys, revoke_key
from apikeys.models import ApiKey
from apikeys.secrets import make_key
from core import clock
from core.actor import Actor
from core.errors import InvalidInput, Kind, NotAllowed
from events.models import Event
from tenants.context import inside, outside
from tests.support.statements import counted

OPERATOR = Actor.system("tests", "keys.write")


@pytest.fixture
def made(hospital):
    """A key of Ploy: its row and its text."""
    return create_key(OPERATOR, name="Kiosk", scopes=["write:bookings", "read:bookings"], hospital=hospital)


def stored_everywhere():
    """All that the database holds of keys, and of events about them."""
    with outside(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT api_keys::text FROM api_keys UNION ALL SELECT events_event::text FROM events_event"
        )
        return "\n".join(row for (row,) in cursor.fetchall())


def test_a_key_opens_its_hospital_with_its_scopes(made, hospital):
    row, text = made
    key = check_key(text)

    assert (key.pk, key.hospital, key.name) == (row.pk, hospital, "Kiosk")
    assert key.scopes == ["read:bookings", "write:bookings"]
    assert (key.is_active, key.is_unlimited, key.expires_at) == (True, False, None)
    assert str(row) == f"Kiosk ({row.public_id})"


def test_only_the_hash_of_a_key_is_stored(made):
    row, text = made
    secret = text.split("_")[2]

    assert secret not in stored_everywhere()
    assert text not in stored_everywhere()
    assert row.key_hash in stored_everywhere()


def test_making_and_revoking_are_recorded_without_the_key(made):
    row, text = made
    revoke_key(OPERATOR, row)
    created, revoked = Event.objects.filter(subject_type="api_key", subject_id=str(row.pk)).order_by("id")

    assert (created.type, created.data) == ("key.created", {"scopes": ["read:bookings", "write:bookings"]})
    assert revoked.type == "key.revoked"
    assert text.split("_")[2] not in str([created.data, revoked.data])


@pytest.mark.parametrize(
    "scopes", [[], ["read:everything"], ["read:bookings", "nothing"], ["READ:BOOKINGS"], [""]]
)
def test_a_key_has_known_scopes_and_at_least_one(hospital, scopes):
    with pytest.raises(InvalidInput) as caught:
        create_key(OPERATOR, name="x", scopes=scopes, hospital=hospital)
    assert list(caught.value.data["fields"]) == ["scopes"]
    assert not ApiKey.objects.filter(hospital=hospital).exists()


def test_a_scope_that_is_named_twice_is_one(hospital):
    row, _ = create_key(OPERATOR, name="x", scopes=["read:bookings"] * 2, hospital=hospital)

    assert row.scopes == ["read:bookings"]


def test_a_key_is_made_and_found_from_inside_of_any_hospital(hospital, other_hospital):
    with inside(other_hospital):
        row, text = create_key(OPERATOR, name="x", scopes=["read:bookings"], hospital=hospital)
        assert check_key(text).hospital == hospital
        assert not Event.objects.filter(subject_type="api_key").exists()
    assert ApiKey.objects.filter(pk=row.pk).exists()


def test_a_mistyped_key_costs_no_query(made):
    _, text = made
    with counted() as statements:
        for wrong in (text[:-1] + ("x" if text[-1] != "x" else "y"), "", "nadmor", text + " "):
            with pytest.raises(WrongKey):
                check_key(wrong)
    assert statements == []


def test_an_unknown_key_is_wrong_and_nobody_is_told_why(made):
    with pytest.raises(WrongKey) as caught:
        check_key(make_key().text)
    assert (caught.value.kind, caught.value.data) == (Kind.BAD_CREDENTIALS, {})


def test_a_key_is_looked_up_once(made):
    _, text = made
    check_key(text)
    with counted() as statements:
        check_key(text)
        check_key(text)
    assert statements == []


def test_a_revoked_key_is_useless_at_once(made):
    row, text = made
    check_key(text)
    revoke_key(OPERATOR, row)

    with pytest.raises(WrongKey):
        check_key(text)
    row.refresh_from_db()
    assert not row.is_active
    assert abs((clock.now() - row.revoked_at).total_seconds()) < 60


def test_revoking_again_keeps_the_first_time_and_records_nothing(made):
    row, _ = made
    revoke_key(OPERATOR, row)
    first = ApiKey.objects.get(pk=row.pk).revoked_at
    revoke_key(OPERATOR, row)

    assert ApiKey.objects.get(pk=row.pk).revoked_at == first
    assert Event.objects.filter(type="key.revoked", subject_id=str(row.pk)).count() == 1


def test_an_expired_key_is_wrong(hospital):
    ends = {"scopes": ["read:bookings"], "hospital": hospital}
    _, old = create_key(OPERATOR, name="old", expires_at=clock.now() - timedelta(seconds=1), **ends)
    _, good = create_key(OPERATOR, name="good", expires_at=clock.now() + timedelta(hours=1), **ends)

    check_key(good)
    with pytest.raises(WrongKey):
        check_key(old)


def test_a_remembered_key_does_not_outlive_its_end(made):
    _, text = made
    remembered = check_key(text)
    remembered.expires_at = clock.now() - timedelta(seconds=1)

    with pytest.raises(WrongKey):
        check_key(text)


def test_a_key_that_was_switched_off_in_the_admin_is_wrong_when_it_is_read_again(made):
    row, text = made
    check_key(text)
    ApiKey.objects.filter(pk=row.pk).update(is_active=False)
    forget_keys()

    with pytest.raises(WrongKey):
        check_key(text)


def test_the_time_of_the_last_use_is_written_once_a_step(made):
    row, text = made
    check_key(text)
    first = ApiKey.objects.get(pk=row.pk).last_used
    assert abs((clock.now() - first).total_seconds()) < 60

    forget_keys()
    with counted() as statements:
        for _ in range(5):
            check_key(text)
    assert len(statements) == 1
    assert ApiKey.objects.get(pk=row.pk).last_used == first


def test_the_time_of_the_last_use_goes_on_after_a_step(made):
    row, text = made
    long_ago = clock.now() - LAST_USED_STEP
    ApiKey.objects.filter(pk=row.pk).update(last_used=long_ago)
    check_key(text)

    assert ApiKey.objects.get(pk=row.pk).last_used > long_ago


def test_a_wrong_key_leaves_no_trace_of_use(made):
    row, text = made
    revoke_key(OPERATOR, row)
    with pytest.raises(WrongKey):
        check_key(text)

    assert ApiKey.objects.get(pk=row.pk).last_used is None


@pytest.mark.parametrize("role", ["ADMIN", "DOCTOR", "NURSE", "FRONT_DESK", "PATIENT"])
def test_no_person_of_a_hospital_makes_or_revokes_keys(in_hospital, people, made, role):
    actor = people.actor(role)
    with pytest.raises(NotAllowed):
        create_key(actor, name="x", scopes=["read:bookings"], hospital=in_hospital)
    with pytest.raises(NotAllowed):
        revoke_key(actor, made[0])
    check_key(made[1])
