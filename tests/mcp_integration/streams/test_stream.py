"""What a client hears over real HTTP."""

import httpx
import pytest

from tests.conftest import make_api_key
from tests.mcp_integration.streams.conftest import happen, numbered, numbers
from tests.support.streaming import Reader, listening


def test_a_stream_begins_with_a_sign_of_life_that_says_where_it_is(reader):
    with reader.open() as messages:
        first = next(messages)

    assert first.event == "heartbeat"
    assert set(first.data) == {"timestamp"}
    assert first.data["timestamp"].endswith("Z")
    assert first.id
    assert first.retry == 3000


def test_signs_of_life_come_in_the_interval_of_the_settings(reader):
    with reader.open() as messages:
        beats = [next(messages) for _ in range(3)]

    assert [said.event for said in beats] == ["heartbeat"] * 3
    assert all(said.id for said in beats)


def test_a_booking_is_told_by_its_own_message_and_as_an_update_of_the_resource(reader, fresh_hospital):
    facts = {
        "reference": "K7QM-4TXR", "event_type_id": 7, "provider_id": "0b4e3b5e-7d0c-4d55-9c2b-2f5f0f3f0a11",
        "start": "2026-11-23T02:00:00Z", "status": "SCHEDULED", "how": "by phone",
    }  # fmt: skip
    with listening(reader) as client:
        event = happen("booking.created", data=facts, changes={"status": ["HELD", "SCHEDULED"]})
        client.wait_for(lambda heard: any(said.event == "resource_update" for said in heard))

    [created], [update] = client.of("appointment_created"), client.of("resource_update")
    assert created.data == {
        "id": event.subject_id,
        "event": "booking.created",
        "occurred_at": created.data["occurred_at"],
        "reference": "K7QM-4TXR",
        "event_type_id": 7,
        "provider_id": "0b4e3b5e-7d0c-4d55-9c2b-2f5f0f3f0a11",
        "start": "2026-11-23T09:00:00+07:00",
        "status": "SCHEDULED",
        "changes": {"status": [None, "SCHEDULED"]},
    }
    assert update.data == {"resource": "appointments", "action": "created", "data": created.data}
    assert created.id != update.id


def test_a_new_patient_is_told_without_a_word_of_who_it_is(reader):
    with listening(reader) as client:
        event = happen(
            "patient.registered", "patient", data={"name": "Malee", "phone_number": "+66812345678"}
        )
        client.wait_for(lambda heard: any(said.event == "resource_update" for said in heard))

    [registered], [update] = client.of("patient_registered"), client.of("resource_update")
    assert set(registered.data) == {"id", "event", "occurred_at"}
    assert registered.data["id"] == event.subject_id
    assert (update.data["resource"], update.data["action"]) == ("patients", "created")


def test_ids_alone_are_told_of_a_medical_record(reader, fresh_people):
    patient = str(fresh_people.alice.pk)
    with listening(reader) as client:
        happen("record.created", "medical_record", data={"patient_id": patient, "record_type": "CHECKUP"})
        client.wait_for(lambda heard: any(said.event == "resource_update" for said in heard))

    [update] = client.of("resource_update")
    assert update.data["resource"] == "medical_records"
    assert set(update.data["data"]) == {"id", "event", "occurred_at", "patient_id"}


def test_holds_and_calls_of_tools_and_what_nobody_foresaw_are_not_told(reader):
    with listening(reader) as client:
        for kind in ("booking.held", "booking.released", "booking.hold_expired", "thing.happened"):
            happen(kind)
        numbered(1)
        client.wait_for(lambda heard: numbers(heard) == [0])

    assert len(client.of("resource_update")) == 1


def test_who_comes_back_with_the_last_id_hears_what_they_missed(reader):
    with reader.open() as messages:
        next(messages)
    numbered(5)
    with listening(reader) as client:
        client.wait_for(lambda heard: len(numbers(heard)) >= 5)
        numbered(3, first=5)
        client.wait_for(lambda heard: len(numbers(heard)) >= 8)

    assert numbers(client.heard) == list(range(8))


def test_who_was_cut_off_between_two_messages_of_one_event_hears_the_second_one_alone(reader):
    with listening(reader) as client:
        happen("booking.created", data={"reference": "N0"})
        client.wait_for(lambda heard: any(said.event == "resource_update" for said in heard))
    [created], [update] = client.of("appointment_created"), client.of("resource_update")

    reader.last_id = created.id
    with listening(reader) as client:
        numbered(1, first=1)
        client.wait_for(lambda heard: len(numbers(heard)) >= 2)

    assert client.of("appointment_created") == []
    [again, _next] = client.of("resource_update")
    assert (again.data, again.id) == (update.data, update.id)


def test_signs_of_life_carry_the_place_past_what_a_client_may_not_hear(server, fresh_hospital):
    patients_only = Reader(server.url, {"X-API-Key": make_api_key(fresh_hospital, "read:patients")})
    with listening(patients_only) as client:
        before = patients_only.last_id
        numbered(3)
        client.wait_for(lambda _heard: patients_only.last_id != before)

    assert client.of("resource_update") == []


@pytest.mark.parametrize(
    "wrong", ["7", "0-0-00000000.9", "0-0-00000000.9_0-0-00000000.9", "ไม่รู้".encode().hex()]
)
def test_an_unknown_last_id_is_told_and_the_stream_begins_anew(reader, wrong):
    numbered(2)
    reader.last_id = wrong
    with reader.open() as messages:
        error, beat = next(messages), next(messages)
        assert (error.event, error.id) == ("error_event", None)
        assert set(error.data) == {"error", "details", "timestamp"}
        assert error.data["error"] == error.data["details"]["reason"] == "cursor_unknown"
        assert beat.event == "heartbeat"
        assert beat.id not in (None, wrong)

    with listening(reader) as client:
        numbered(1, first=2)
        client.wait_for(lambda heard: numbers(heard) == [2])


def test_the_last_id_may_stand_in_the_address_for_browsers(reader):
    with reader.open() as messages:
        next(messages)
    numbered(2)
    browser = Reader(reader.url, reader.headers, {"last_event_id": reader.last_id})
    with listening(browser) as client:
        client.wait_for(lambda heard: numbers(heard) == [0, 1])


def test_an_answer_is_kept_by_nobody_on_the_way(server, key):
    with httpx.Client(trust_env=False) as client:
        answer = client.head(f"{server.url}/api/mcp/sse", headers={"X-API-Key": key})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.content == b""
