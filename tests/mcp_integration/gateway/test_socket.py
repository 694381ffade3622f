import json

import pytest
from django.test import override_settings
from websockets.sync.client import connect

from bookings.models import Appointment
from core.actor import Door
from credentials.callers import credential_of_key
from mcp_integration.gateway.frames import LARGEST
from mcp_integration.invoking import invoke
from tests.conftest import make_limited_key
from tests.mcp_integration.gateway.asking import BOOKING, DAY, booking
from tests.mcp_integration.gateway.talking import talking
from tests.support.catalogue import coming_day


def test_the_client_of_the_specification_s_example_is_served(port, key, visit):
    with connect(f"ws://127.0.0.1:{port}/api/mcp/ws") as client:
        client.send(json.dumps({"type": "auth", "token": key}))
        client.send(
            json.dumps(
                {"type": "tool_invoke", "request_id": "req-1", "tool": "get_event_types", "params": {}}
            )
        )
        answer = json.loads(client.recv(timeout=20))
        client.send(json.dumps({"type": "subscribe", "resource": "appointments"}))
        client.send(
            json.dumps(
                {
                    "type": "tool_invoke",
                    "request_id": "req-2",
                    "tool": "create_booking",
                    "params": booking(visit),
                }
            )
        )
        later = {said["type"]: said for said in (json.loads(client.recv(timeout=20)) for _ in range(2))}

    assert answer["type"] == "tool_response"
    assert answer["request_id"] == "req-1"
    assert answer["result"]["results"][0]["id"] == visit.pk
    update = later["resource_update"]
    assert update["resource"] == "appointments"
    assert update["data"]["id"] == str(Appointment.objects.get().pk)
    assert later["tool_response"]["request_id"] == "req-2"


def test_a_whole_booking_goes_over_one_socket(port, key, visit):
    day = coming_day(DAY).isoformat()
    with talking(port, key) as talk:
        [service] = talk.result("get_event_types")["results"]
        free = talk.result("check_availability", event_type_id=service["id"], date=day)
        slot = free["slots"][0]
        held = talk.result("hold_slot", event_type_id=service["id"], date=day, time=slot["time"])
        talk.result("create_booking", **booking(visit, time=slot["time"], hold_id=held["hold_id"]))
        reference = Appointment.objects.get().reference
        found = talk.result("search_appointments", booking_reference=reference)
        talk.result("reschedule_booking", booking_reference=reference, new_date=day, new_time="14:00")
        talk.result("cancel_booking", booking_reference=reference, confirm=True)

    outcome = invoke(
        credential_of_key(key, Door.MCP),
        "search_appointments",
        {"booking_reference": reference},
        language="en",
    )
    assert found["count"] == 1
    assert outcome.result is not None
    assert outcome.result["results"][0].keys() == found["results"][0].keys()
    assert Appointment.objects.get().status == "CANCELLED"


# ── signing in ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("first", "code"),
    [
        ('{"type": "subscribe", "resource": "appointments"}', "AUTH_REQUIRED"),
        ('{"type": "auth", "token": "nadmor_wrong"}', "AUTH_INVALID"),
        ('{"type": "auth", "token": "a.b.c"}', "AUTH_INVALID"),
        ('{"type": "auth"}', "VALIDATION_ERROR"),
        ('{"type": "auth", "token": 1}', "VALIDATION_ERROR"),
        ('{"type": "auth", "token": "x", "token": "y"}', "VALIDATION_ERROR"),
        ("hello", "VALIDATION_ERROR"),
        ("[]", "VALIDATION_ERROR"),
        (b"\x00\x01", "VALIDATION_ERROR"),
    ],
)
def test_who_does_not_say_who_it_is_first_is_sent_away(port, fresh_hospital, first, code):
    with talking(port) as talk:
        talk.socket.send(first)

        talk.hear_error(code)
        assert talk.closes_with() == 4401


def test_who_says_nothing_is_sent_away(port, fresh_hospital, monkeypatch):
    monkeypatch.setattr("mcp_integration.gateway.socket.TO_SAY_WHO", 0.2)
    with talking(port) as talk:
        talk.hear_error("AUTH_REQUIRED")
        assert talk.closes_with() == 4408


def test_wrong_keys_over_sockets_count_against_the_address(port, fresh_hospital):
    codes = []
    for _ in range(31):
        with talking(port, "nadmor_wrong") as talk:
            codes.append(talk.hear()["error"]["code"])

    assert codes == ["AUTH_INVALID"] * 30 + ["RATE_LIMIT"]


def test_an_access_token_is_good_as_well(port, by_role, visit):
    token = by_role("FRONT_DESK").headers["Authorization"].removeprefix("Bearer ")

    with talking(port, token) as talk:
        assert talk.result("get_event_types")["results"]


def test_a_key_of_the_platform_names_the_hospital_once(port, by_platform, fresh_hospital, visit):
    key = by_platform("read:bookings").headers["X-API-Key"]

    with talking(port, key, hospital_id=str(fresh_hospital.uuid)) as talk:
        assert talk.result("get_event_types")["results"][0]["id"] == visit.pk
        assert talk.result("list_doctors")["count"] == 1
    with talking(port, key) as talk:
        assert talk.call("get_event_types")["error"]["code"] == "VALIDATION_ERROR"


def test_a_key_of_a_hospital_cannot_name_another(port, key, both_hospitals):
    ploy, _rama = both_hospitals
    with talking(port, key, hospital_id=str(ploy.uuid)) as talk:
        talk.hear_error("RESOURCE_NOT_FOUND", reason="hospital_not_found")
        assert talk.closes_with() == 4401


def test_one_caller_has_so_many_sockets_and_no_more(port, key, fresh_hospital):
    with override_settings(MCP_STREAMS_PER_CREDENTIAL=1), talking(port, key) as first:
        first.call("get_event_types")
        with talking(port, key) as second:
            second.hear_error("RATE_LIMIT", reason="too_many_streams")
            assert second.closes_with() == 1013
        assert "result" in first.call("get_event_types")


# ── what is wrong ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("{", ""),
        ("[1]", ""),
        ("null", ""),
        ("NaN", ""),
        ("[" * 100 + "]" * 100, ""),
        ('{"type": "sing"}', "type"),
        ('{"type": 7}', "type"),
        ("{}", "type"),
        ('{"type": "subscribe", "resource": "appointments", "more": 1}', "more"),
        ('{"type": "subscribe", "type": "auth"}', "type"),
        ('{"type": "subscribe"}', "resource"),
        ('{"type": "subscribe", "resource": ["a"]}', "resource"),
        ('{"type": "auth", "token": "x"}', "type"),
        ('{"type": "tool_invoke", "tool": "get_event_types"}', "request_id"),
        (r'{"type": "tool_invoke", "request_id": "\ud800", "tool": "get_event_types"}', "request_id"),
        (r'{"type": "subscribe", "\ud800": 1}', "?"),
        ('{"type": "tool_invoke", "request_id": true, "tool": "get_event_types"}', "request_id"),
        ('{"type": "tool_invoke", "request_id": "' + "a" * 65 + '", "tool": "x"}', "request_id"),
        (b'{"type": "subscribe"}', ""),
    ],
)
def test_what_cannot_be_understood_is_an_error_and_ends_nothing(port, key, said, about):
    with talking(port, key) as talk:
        talk.socket.send(said)

        error = talk.hear_error("VALIDATION_ERROR")
        assert list(error["details"]["fields"]) == ([about] if about else [])
        assert "result" in talk.call("get_event_types")


def test_a_message_over_the_limit_is_refused_and_a_huge_one_ends_the_socket(port, key):
    with talking(port, key) as talk:
        talk.socket.send("x" * (LARGEST + 1))
        talk.hear_error("VALIDATION_ERROR", reason="message_too_large", limit=LARGEST)
        assert "result" in talk.call("get_event_types")

        talk.socket.send("x" * (LARGEST * 40))
        assert talk.closes_with() == 1009


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"tool": 1}, "VALIDATION_ERROR"),
        ({}, "VALIDATION_ERROR"),
        ({"tool": "get_event_types", "params": []}, "VALIDATION_ERROR"),
        ({"tool": "get_event_types", "params": {"surprise": 1}}, "VALIDATION_ERROR"),
        ({"tool": "nothing", "params": {}}, "RESOURCE_NOT_FOUND"),
        ({"tool": "create_hospital", "params": {}}, "PERMISSION_DENIED"),
    ],
)
def test_what_is_wrong_with_a_call_is_its_answer(port, key, fields, code):
    with talking(port, key) as talk:
        talk.say("tool_invoke", request_id=7, **fields)
        answer = talk.hear()

    assert (answer["type"], answer["request_id"], answer["error"]["code"]) == ("tool_response", 7, code)


def test_errors_speak_the_language_of_the_handshake(port, key):
    with talking(port, key, language="th") as talk:
        talk.socket.send('{"type": "sing"}')
        thai = talk.hear()["error"]["message"]
    with talking(port, key) as talk:
        talk.socket.send('{"type": "sing"}')
        english = talk.hear()["error"]["message"]

    assert english == "Some of the input is wrong."
    assert thai
    assert thai != english


def test_limits_are_those_of_every_door(port, fresh_hospital, visit):
    with talking(port, make_limited_key(fresh_hospital, *BOOKING)) as talk:
        answers = [talk.call("create_booking", number, time="never") for number in range(11)]

    codes = [answer["error"]["code"] for answer in answers]
    assert codes == ["VALIDATION_ERROR"] * 10 + ["RATE_LIMIT"]
    assert answers[-1]["error"]["details"]["retry_after"] > 0
