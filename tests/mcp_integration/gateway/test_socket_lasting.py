import json
import socket
import time
from contextlib import suppress

import pytest
from django.test import override_settings
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from apikeys.keys import revoke_key
from apikeys.models import ApiKey
from bookings.models import Appointment
from core.actor import Actor
from mcp_integration.gateway.routes import routes
from tests.conftest import make_api_key
from tests.mcp_integration.gateway.asking import BOOKING, DAY, booking
from tests.mcp_integration.gateway.serving import serving
from tests.mcp_integration.gateway.talking import talking
from tests.support.catalogue import coming_day, make_service


@pytest.fixture
def dr_many(visit, staff):
    """So many services that their list is a long text."""
    for number in range(300):
        make_service(staff.dr_bob, slug=f"service-{number}", description_en="word " * 400)


def revoke(key):
    revoke_key(Actor.system("tests", "keys.write"), ApiKey.objects.get(public_id=key.split("_")[1]))


# ── many calls at once ────────────────────────────────────────────────────────
def test_many_calls_are_all_answered_and_too_many_are_refused(port, key, visit):
    with talking(port, key) as talk:
        for number in range(60):
            talk.say("tool_invoke", request_id=number, tool="get_event_types", params={})
        answers = [talk.hear() for _ in range(60)]

    assert sorted(answer["request_id"] for answer in answers) == list(range(60))
    refused = [answer["error"]["details"]["reason"] for answer in answers if "error" in answer]
    assert set(refused) <= {"too_many_calls"}
    assert len(answers) - len(refused) >= 20


def test_an_id_that_is_under_way_cannot_be_used_again(port, key, visit):
    with talking(port, key) as talk:
        for _ in range(4):
            talk.say(
                "tool_invoke",
                request_id="same",
                tool="check_availability",
                params={"event_type_id": visit.pk, "date": coming_day(DAY).isoformat()},
            )
        answers = [talk.hear() for _ in range(4)]

    assert any("result" in answer for answer in answers)
    assert all(
        "result" in answer or list(answer["error"]["details"]["fields"]) == ["request_id"]
        for answer in answers
    )


# ── subscriptions ─────────────────────────────────────────────────────────────
def test_who_has_not_subscribed_hears_nothing_and_neither_does_who_has_unsubscribed(port, key, visit):
    with talking(port, key) as talk, talking(port, key) as booker:
        talk.say("subscribe", resource="appointments")
        talk.call("get_event_types")
        booker.result("create_booking", **booking(visit))
        heard = talk.hear()
        talk.say("unsubscribe", resource="appointments")
        talk.call("get_event_types")
        booker.result("cancel_booking", booking_reference=Appointment.objects.get().reference, confirm=True)
        time.sleep(0.5)
        assert talk.call("get_event_types")["type"] == "tool_response"

    assert heard["type"] == "resource_update"
    assert heard["action"] == "created"
    assert "Malee" not in json.dumps(heard)
    assert "0898765432" not in json.dumps(heard)


def test_what_there_is_not_or_may_not_be_heard_cannot_be_subscribed_to(port, key):
    with talking(port, key) as talk:
        talk.say("subscribe", resource="weather")
        talk.hear_error("RESOURCE_NOT_FOUND")
        talk.say("subscribe", resource="medical_records")
        talk.hear_error("PERMISSION_DENIED")
        talk.say("unsubscribe", resource="appointments")
        talk.hear_error("RESOURCE_NOT_FOUND", reason="not_subscribed")


def test_another_hospital_s_callers_hear_nothing_of_this_one(port, key, both_hospitals, visit):
    ploy, _rama = both_hospitals
    stranger = make_api_key(ploy, *BOOKING)
    try:
        with talking(port, stranger) as talk, talking(port, key) as booker:
            talk.say("subscribe", resource="appointments")
            talk.call("get_event_types")
            booker.result("create_booking", **booking(visit))
            time.sleep(0.5)
            assert talk.call("get_event_types")["type"] == "tool_response"
    finally:
        ApiKey.objects.filter(hospital=ploy).delete()


# ── being sent away ───────────────────────────────────────────────────────────
def test_a_call_with_a_revoked_key_is_refused_and_ends_the_socket(port, key, visit):
    with talking(port, key) as talk:
        talk.result("get_event_types")
        revoke(key)

        assert talk.call("get_event_types")["error"]["code"] == "AUTH_INVALID"
        assert talk.closes_with() == 4401


def test_a_silent_socket_is_told_soon_that_its_key_was_revoked(port, key, visit):
    with override_settings(MCP_STREAM_CHECK_INTERVAL=0.5), talking(port, key) as talk:
        talk.say("subscribe", resource="appointments")
        talk.result("get_event_types")
        revoke(key)

        talk.hear_error("AUTH_INVALID")
        assert talk.closes_with() == 4401


def test_a_socket_ends_when_its_hospital_is_switched_off(port, key, fresh_hospital):
    with override_settings(MCP_STREAM_CHECK_INTERVAL=0.5), talking(port, key) as talk:
        talk.call("get_event_types")
        fresh_hospital.is_active = False
        fresh_hospital.save()
        try:
            talk.hear_error("PERMISSION_DENIED", reason="hospital_inactive")
            assert talk.closes_with() == 4401
        finally:
            fresh_hospital.is_active = True
            fresh_hospital.save()


def test_who_is_silent_for_long_without_a_subscription_is_sent_away(port, key, monkeypatch):
    monkeypatch.setattr("mcp_integration.gateway.conversation.IDLE", 0.3)
    with talking(port, key) as talk:
        talk.hear_error("VALIDATION_ERROR")
        assert talk.closes_with() == 4408


def test_who_does_not_read_is_cut_off_and_harms_nobody(port, key, visit, dr_many, monkeypatch):
    monkeypatch.setattr("mcp_integration.gateway.outgoing.SLOWEST", 1.0)
    # A small window, and nothing compressed: what is not read soon fills what lies between.
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", port))
    deaf_one = connect(
        f"ws://127.0.0.1:{port}/api/mcp/ws", sock=narrow, max_queue=1, close_timeout=0, compression=None
    )
    with override_settings(MCP_STREAMS_PER_CREDENTIAL=2), talking(port, key) as other, deaf_one as deaf:
        deaf.send(json.dumps({"type": "auth", "token": key}))
        for number in range(20):
            call = {"type": "tool_invoke", "request_id": number, "tool": "get_event_types", "params": {}}
            deaf.send(json.dumps(call))

        assert "result" in other.call("get_event_types")
        assert_there_is_room_for_another(port, key)
        assert "result" in other.call("get_event_types")
        deaf.socket.close()


def assert_there_is_room_for_another(port, key):
    """In the end, one of the caller's sockets does not count any more."""
    for _ in range(40):
        if is_answered(port, key):
            return
        time.sleep(0.5)
    raise AssertionError("the one who does not read is still there")


def is_answered(port, key):
    """Whether a further socket is let in; one too many is told so and closed, maybe before it has spoken."""
    with suppress(ConnectionClosed), talking(port, key) as further:
        further.say("tool_invoke", request_id=1, tool="nothing")
        return further.hear()["type"] == "tool_response"
    return False


def test_without_websockets_there_is_no_such_address(fresh_hospital):
    with override_settings(MCP_WEBSOCKET_ENABLED=False):
        app = Starlette(routes=routes())
    with serving(app) as port, pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{port}/api/mcp/ws")
    assert refused.value.response.status_code in (403, 404)
