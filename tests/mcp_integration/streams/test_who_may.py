"""Who hears what, and for how long."""

import time
from uuid import uuid4

import httpx
import pytest
from django.db import transaction

from accounts.models import User
from accounts.permissions import Role
from accounts.tokens import close_sign_in, open_sign_in
from apikeys.keys import revoke_key
from apikeys.models import ApiKey
from bookings.models import Patient
from core.actor import Actor
from events.outbox import record
from tenants.context import inside, outside
from tests.conftest import make_api_key
from tests.mcp_integration.streams.conftest import SYSTEM, happen, numbered, numbers
from tests.support.catalogue import make_practitioner, make_service
from tests.support.rows import insert_appointment
from tests.support.streaming import Reader, listening

# Who may not listen any more is out after this, whatever happens (seconds).
BOUND = 30


@pytest.fixture
def often(settings) -> None:
    """Credentials are looked at again all the time, so that a test need not wait."""
    settings.MCP_STREAM_CHECK_INTERVAL = 0.2


def ended_by(client) -> dict:
    """The last words of a stream that the server ended."""
    client.wait_for(lambda heard: heard[-1].event == "error_event")
    client.join(20)
    assert not client.is_alive()
    assert client.fault is None
    return client.heard[-1].data


def revoke_all(hospital) -> None:
    for row in ApiKey.objects.filter(hospital=hospital):
        revoke_key(Actor.system("tests", "keys.write"), row)


def test_a_revoked_key_ends_the_stream_within_thirty_seconds(reader, fresh_hospital):
    """By the clock, with the interval of the real thing."""
    with listening(reader) as client:
        revoke_all(fresh_hospital)
        began = time.monotonic()
        said = ended_by(client)
        took = time.monotonic() - began

    assert took <= BOUND
    assert said["error"] == "AUTH_INVALID"
    assert said["details"]["reason"] == "wrong_key"


def test_after_its_end_a_stream_says_nothing_more(often, reader, fresh_hospital):
    with listening(reader) as client:
        revoke_all(fresh_hospital)
        ended_by(client)
        numbered(1)

    assert numbers(client.heard) == []
    with pytest.raises(AssertionError, match="401"), reader.open():
        pass


def test_the_end_of_a_sign_in_ends_the_stream(often, server, fresh_hospital, fresh_people):
    with inside(fresh_hospital):
        pair = open_sign_in(fresh_people.nurse)
    reader = Reader(server.url, {"Authorization": f"Bearer {pair.access_token}"})
    with listening(reader) as client:
        close_sign_in(pair.refresh_token)
        said = ended_by(client)

    assert (said["error"], said["details"]["reason"]) == ("AUTH_INVALID", "wrong_token")


def test_another_role_ends_the_stream(often, reader_as, fresh_people):
    with listening(reader_as(Role.NURSE)) as client:
        User.objects.filter(pk=fresh_people.nurse.pk).update(role=Role.FRONT_DESK)
        said = ended_by(client)

    assert (said["error"], said["details"]["reason"]) == ("PERMISSION_DENIED", "rights_changed")


def test_another_patient_behind_the_account_ends_the_stream(often, reader_as, fresh_people):
    with listening(reader_as(Role.PATIENT)) as client:
        Patient.objects.filter(pk=fresh_people.alice.pk).update(user=None)
        said = ended_by(client)

    assert said["details"]["reason"] == "rights_changed"


def test_a_hospital_that_is_switched_off_ends_the_stream(often, reader, fresh_hospital):
    with listening(reader) as client:
        fresh_hospital.is_active = False
        fresh_hospital.save()
        try:
            said = ended_by(client)
        finally:
            fresh_hospital.is_active = True
            fresh_hospital.save()

    assert (said["error"], said["details"]["reason"]) == ("PERMISSION_DENIED", "hospital_inactive")


def test_a_doctor_hears_of_their_own_alone_and_of_what_was_taken_from_them(reader_as, fresh_people):
    bob, eve = fresh_people.dr_bob, make_practitioner("Dr Eve", hours=False)
    service = make_service(bob, eve)
    mine, theirs, taken = (
        insert_appointment(service, who, seat=seat) for who, seat in ((bob, 1), (eve, 2), (eve, 3))
    )
    with listening(reader_as(Role.DOCTOR)) as doctor, listening(reader_as(Role.NURSE)) as nurse:
        happen(subject_id=theirs, data={"reference": "N1"})
        happen(subject_id=mine, data={"reference": "N2"})
        happen(
            "booking.rescheduled", subject_id=taken, data={"reference": "N3"},
            changes={"practitioner": [str(bob.pk), str(eve.pk)]},
        )  # fmt: skip
        nurse.wait_for(lambda heard: len(numbers(heard)) >= 3)
        doctor.wait_for(lambda heard: len(numbers(heard)) >= 2)

    assert numbers(nurse.heard) == [1, 2, 3]
    assert numbers(doctor.heard) == [2, 3]


def test_a_patient_hears_of_their_own_alone(reader_as, fresh_people):
    bob, alice = fresh_people.dr_bob, fresh_people.alice
    service = make_service(bob)
    mine = insert_appointment(service, bob, patient_id=alice.pk)
    theirs = insert_appointment(service, bob, seat=2)
    with listening(reader_as(Role.PATIENT)) as client:
        happen(subject_id=theirs, data={"reference": "N1"})
        happen("patient.changed", "patient", alice.pk)
        happen("record.created", "medical_record", data={"patient_id": str(uuid4())})
        happen("record.created", "medical_record", data={"patient_id": str(alice.pk)})
        happen(subject_id=mine, data={"reference": "N2"})
        client.wait_for(lambda heard: numbers(heard) == [2])

    told = [said.data["resource"] for said in client.of("resource_update")]
    assert told == ["medical_records", "appointments"]


def test_a_doctor_hears_of_the_records_of_patients_in_their_care_alone(reader_as, fresh_people):
    bob, alice = fresh_people.dr_bob, fresh_people.alice
    insert_appointment(make_service(bob), bob, patient_id=alice.pk)
    with listening(reader_as(Role.DOCTOR)) as client:
        happen("record.created", "medical_record", data={"patient_id": str(uuid4())})
        happen("treatment.changed", "treatment", data={"patient_id": str(alice.pk), "status": "ACTIVE"})
        client.wait_for(lambda heard: any(said.event == "resource_update" for said in heard))

    [update] = client.of("resource_update")
    assert update.data["resource"] == "treatments"
    assert "status" not in update.data["data"]


def test_the_front_desk_hears_of_no_record(reader_as, fresh_people):
    with listening(reader_as(Role.FRONT_DESK)) as client:
        happen("record.created", "medical_record", data={"patient_id": str(fresh_people.alice.pk)})
        numbered(1)
        client.wait_for(lambda heard: numbers(heard) == [0])

    assert [said.data["resource"] for said in client.of("resource_update")] == ["appointments"]


@pytest.fixture
def platform_key(fresh_hospital):
    """A key of the platform that may see bookings; gone after the test."""
    yield make_api_key(None, "read:bookings", "admin:platform")
    ApiKey.objects.filter(hospital=None).delete()


def test_another_hospitals_events_are_never_heard(server, platform_key, both_hospitals, fresh_hospital):
    ploy, _rama = both_hospitals
    headers = {"X-API-Key": platform_key}
    at_ploy = Reader(server.url, headers, {"subdomain": ploy.subdomain})
    at_fresh = Reader(server.url, headers, {"hospital_id": str(fresh_hospital.uuid)})
    with listening(at_ploy) as there, listening(at_fresh) as here:
        numbered(3)
        here.wait_for(lambda heard: len(numbers(heard)) >= 3)
        before = at_ploy.last_id
        there.wait_for(lambda heard: len(heard) >= 3)

    assert there.of("resource_update") == []
    assert before is not None


def test_the_place_of_another_hospital_is_no_place_here(server, platform_key, both_hospitals, fresh_hospital):
    ploy, _rama = both_hospitals
    headers = {"X-API-Key": platform_key}
    numbered(1)
    with listening(Reader(server.url, headers, {"subdomain": "fresh"})) as client:
        numbered(1, first=1)
        client.wait_for(lambda heard: numbers(heard)[-1:] == [1])
    elsewhere = Reader(server.url, headers, {"subdomain": ploy.subdomain}, last_id=client.reader.last_id)
    with elsewhere.open() as messages:
        said = next(messages)

    assert said.data["error"] == "cursor_unknown"


def test_a_credential_of_one_hospital_finds_no_other(server, key):
    for named in ({"subdomain": "ploy"}, {"subdomain": "nowhere"}, {"hospital_id": str(uuid4())}):
        with pytest.raises(AssertionError, match="404"), Reader(server.url, {"X-API-Key": key}, named).open():
            pass


def test_a_hospital_hears_of_itself_on_the_platform_and_of_no_other(server, fresh_hospital):
    reader = Reader(server.url, {"X-API-Key": make_api_key(fresh_hospital, "admin:hospital")})
    with listening(reader) as client:
        with outside(), transaction.atomic():
            for about in (uuid4(), fresh_hospital.uuid):
                record(
                    SYSTEM, "subscription.renewed", subject_type="subscription", subject_id=uuid4(),
                    data={"hospital_id": str(about), "status": "ACTIVE"},
                )  # fmt: skip
        client.wait_for(lambda heard: any(said.event == "resource_update" for said in heard))

    [update] = client.of("resource_update")
    assert update.data["resource"] == "subscriptions"
    assert update.data["data"]["hospital_id"] == str(fresh_hospital.uuid)


def test_the_platform_has_a_stream_of_its_own(server, platform_key):
    with listening(Reader(server.url, {"X-API-Key": platform_key})) as client:
        with outside(), transaction.atomic():
            record(
                SYSTEM, "hospital.changed", subject_type="hospital", subject_id=7,
                data={"hospital_id": str(uuid4()), "fields": ["email"]},
            )  # fmt: skip
        client.wait_for(lambda heard: any(said.data.get("resource") == "hospitals" for said in heard))


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "AUTH_REQUIRED"),
        ({"X-API-Key": "nonsense"}, 401, "AUTH_INVALID"),
        ({"Authorization": "Bearer a.b.c"}, 401, "AUTH_INVALID"),
    ],
)
def test_who_is_not_known_is_refused_in_the_envelope(server, headers, status, code):
    with httpx.Client(trust_env=False) as client:
        answer = client.get(f"{server.url}/api/mcp/sse", headers=headers)

    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert set(answer.json()["error"]) == {"code", "message", "details", "timestamp"}


def test_other_methods_are_refused(server, key):
    with httpx.Client(trust_env=False) as client:
        answer = client.post(f"{server.url}/api/mcp/sse", headers={"X-API-Key": key})

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_who_came_with_an_access_token_gets_the_next_one_in_time(
    often, server, settings, fresh_hospital, fresh_people
):
    settings.JWT_EXPIRY = 6
    with inside(fresh_hospital):
        pair = open_sign_in(fresh_people.nurse)
    with listening(Reader(server.url, {"Authorization": f"Bearer {pair.access_token}"})) as client:
        client.wait_for(lambda heard: any(said.event == "auth_refresh" for said in heard))
        [refreshed] = client.of("auth_refresh")[:1]
        again = Reader(server.url, {"Authorization": f"Bearer {refreshed.data['new_token']}"})
        with listening(again):
            pass
        client.wait_for(lambda heard: len([said for said in heard if said.event == "auth_refresh"]) >= 2)
        close_sign_in(pair.refresh_token)
        assert ended_by(client)["error"] == "AUTH_INVALID"

    assert set(refreshed.data) == {"new_token", "expires_at"}
    assert refreshed.id is None


def test_a_key_gets_no_token(often, reader, settings):
    settings.JWT_EXPIRY = 1
    with listening(reader) as client:
        client.wait_for(lambda heard: len(heard) >= 3)

    assert client.of("auth_refresh") == []
