import pytest

from apikeys.keys import revoke_key
from apikeys.models import ApiKey
from bookings.models import Appointment
from core.actor import Actor
from events.models import Event
from mcp_integration.invoking import CALLED
from tests.mcp_integration.gateway.asking import BOOKING, booking
from tests.mcp_integration.gateway.serving import Gateway, error_in


# ── several at once ───────────────────────────────────────────────────────────
def test_several_calls_are_answered_in_order_and_a_bad_one_stops_none(by_key, visit):
    gateway = by_key(*BOOKING)
    requests = [
        {"tool": "get_event_types"},
        {"tool": "create_booking", "params": booking(visit)},
        {"tool": "create_booking", "params": booking(visit, guest_phone="0811111111")},
        "no request",
        {"tool": "nothing", "params": {}},
        {"tool": "get_event_types", "params": [], "more": 1},
        {"tool": "search_appointments", "params": {"phone": "0898765432"}},
    ]

    answer = gateway.post("/api/mcp/batch", {"requests": requests})

    assert answer.status_code == 200, answer.text
    answers = answer.json()
    assert [next(iter(one)) for one in answers] == [
        "result",
        "result",
        "error",
        "error",
        "error",
        "error",
        "result",
    ]
    codes = [one["error"]["code"] for one in answers if "error" in one]
    assert codes == ["CONFLICT", "VALIDATION_ERROR", "RESOURCE_NOT_FOUND", "VALIDATION_ERROR"]
    assert answers[-1]["result"]["count"] == 1


@pytest.mark.parametrize("requests", [[], None, {}, [{"tool": "get_event_types"}] * 11])
def test_a_batch_has_one_to_ten_requests(by_key, requests):
    answer = by_key().post("/api/mcp/batch", {"requests": requests})

    assert list(error_in(answer, 400, "VALIDATION_ERROR")["details"]["fields"]) == ["requests"]


def test_a_repeated_batch_does_nothing_twice(by_key, visit):
    gateway, key = by_key(*BOOKING), {"Idempotency-Key": "b-1"}
    requests = {
        "requests": [
            {"tool": "create_booking", "params": booking(visit, time=at)} for at in ("09:30", "10:00")
        ]
    }

    first = gateway.post("/api/mcp/batch", requests, headers=key)
    again = gateway.post("/api/mcp/batch", requests, headers=key)

    assert first.json() == again.json()
    assert ["result" in one for one in again.json()] == [True, True]
    assert Appointment.objects.count() == 2


# ── limits and the trail ──────────────────────────────────────────────────────
def test_each_call_of_a_batch_counts_and_the_last_one_too_many_is_told_when(by_limited_key, visit):
    gateway = by_limited_key(*BOOKING)
    times = [f"{hour:02}:{minute}" for hour in (9, 10, 11, 13, 14, 15) for minute in ("00", "30")]

    def book(some):
        asked = [{"tool": "create_booking", "params": booking(visit, time=at, guest_phone="")} for at in some]
        return gateway.post("/api/mcp/batch", {"requests": asked})

    answers = book(times[:6]).json() + book(times[6:]).json()
    refused = [one["error"] for one in answers if "error" in one and one["error"]["code"] == "RATE_LIMIT"]
    assert len(refused) == 2, answers

    answer = gateway.invoke("create_booking", **booking(visit, time="16:30"))
    error = error_in(answer, 429, "RATE_LIMIT")
    assert int(answer.headers["retry-after"]) == error["details"]["retry_after"] > 0
    assert answer.headers["ratelimit-policy"] == '"booking";q=10;w=60'
    assert answer.headers["ratelimit"].startswith('"booking";r=0;t=')
    assert error["details"]["retryable"] is True


def test_a_call_says_what_is_left_and_stands_in_the_audit_trail(by_limited_key, visit):
    gateway = by_limited_key(*BOOKING)
    before = Event.objects.filter(type=CALLED).count()

    answer = gateway.invoke("get_event_types")

    assert "r=" in answer.headers["ratelimit"]
    event = Event.objects.filter(type=CALLED).latest("id")
    assert Event.objects.filter(type=CALLED).count() == before + 1
    assert (event.subject_id, event.door, event.data["outcome"]) == ("get_event_types", "mcp", "ok")


def test_calls_that_never_reach_a_tool_count_too(by_limited_key):
    gateway = by_limited_key()

    answers = [gateway.post("/api/mcp/tools/invoke", {"tool": 1}) for _ in range(101)]

    assert [answer.status_code for answer in answers].count(400) == 100
    error_in(answers[-1], 429, "RATE_LIMIT")


def test_wrong_keys_count_against_the_address(port, fresh_hospital):
    stranger = Gateway(port, "nadmor_wrong")

    statuses = [stranger.invoke("get_event_types").status_code for _ in range(31)]

    assert statuses == [401] * 30 + [429]


def test_a_revoked_key_is_refused(by_key, visit):
    gateway = by_key()
    assert gateway.invoke("get_event_types").status_code == 200
    key = ApiKey.objects.get(public_id=gateway.headers["X-API-Key"].split("_")[1])

    revoke_key(Actor.system("tests", "keys.write"), key)

    error_in(gateway.invoke("get_event_types"), 401, "AUTH_INVALID")


def test_a_hospital_that_is_switched_off_refuses(by_key, fresh_hospital, visit):
    gateway = by_key()
    fresh_hospital.is_active = False
    fresh_hospital.save()
    try:
        error = error_in(gateway.invoke("get_event_types"), 403, "PERMISSION_DENIED")
    finally:
        fresh_hospital.is_active = True
        fresh_hospital.save()

    assert error["details"]["reason"] == "hospital_inactive"
