"""What a caller's tools gave, on the same caller's streams."""

import time

import pytest
from redis import Redis

from accounts.access import read_access_token
from core.actor import Door
from credentials.callers import credential_by_name, credential_of_key
from mcp_integration.streams import tell_result
from mcp_integration.streams.principals import presence_key, principal_of, results_channel
from tests.conftest import make_api_key
from tests.mcp_integration.streams.conftest import token_of
from tests.support.streaming import Reader, listening, served_elsewhere, wait_until

RESULT = {"results": [{"untrusted_guest_name": "Malee Srisuk"}], "count": 1}


@pytest.fixture
def caller(key):
    return credential_of_key(key, Door.MCP)


def test_a_result_is_told_to_the_callers_own_streams(reader, caller, fresh_hospital):
    other = Reader(reader.url, {"X-API-Key": make_api_key(fresh_hospital, "read:bookings")})
    with listening(reader) as mine, listening(other) as theirs:
        tell_result(caller, "search_appointments", RESULT)
        mine.wait_for(lambda heard: any(said.event == "tool_response" for said in heard))
        beats = len(theirs.heard)
        theirs.wait_for(lambda heard: len(heard) > beats + 1)

    [told] = mine.of("tool_response")
    assert set(told.data) == {"tool", "result", "timestamp"}
    assert (told.data["tool"], told.data["result"]) == ("search_appointments", RESULT)
    assert told.id is None
    assert theirs.of("tool_response") == []


def test_a_result_is_told_in_another_process_and_nobody_reads_it_on_the_way(key, caller, settings):
    with (
        served_elsewhere() as server,
        listening(Reader(server.url, {"X-API-Key": key})) as client,
        Redis.from_url(settings.REDIS_URL, decode_responses=True) as redis,
        redis.pubsub(ignore_subscribe_messages=True) as passing,
    ):
        passing.subscribe(results_channel())
        wait_until(lambda: redis.exists(presence_key(principal_of(caller))))
        tell_result(caller, "search_appointments", RESULT)
        client.wait_for(lambda heard: any(said.event == "tool_response" for said in heard))
        letters = []
        wait_until(lambda: letters.append(passing.get_message(timeout=1)) or letters[-1] is not None)

    [told] = client.of("tool_response")
    assert told.data["result"] == RESULT
    letter = letters[-1]["data"]
    assert "Malee" not in letter
    assert "search_appointments" not in letter


def test_a_result_of_somebody_who_listens_nowhere_is_not_sent(key, caller, settings):
    with (
        Redis.from_url(settings.REDIS_URL, decode_responses=True) as redis,
        redis.pubsub(ignore_subscribe_messages=True) as passing,
    ):
        redis.delete(presence_key(principal_of(caller)))
        passing.subscribe(results_channel())
        passing.get_message(timeout=1)
        tell_result(caller, "search_appointments", RESULT)
        assert passing.get_message(timeout=1) is None


def test_another_sign_in_of_the_same_person_hears_nothing(server, fresh_hospital, fresh_people):
    nurse = fresh_people.nurse
    here, elsewhere = (token_of(fresh_hospital, nurse) for _ in range(2))
    caller = credential_by_name(f"user:{nurse.pk}", read_access_token(here), Door.MCP)
    with (
        listening(Reader(server.url, {"Authorization": f"Bearer {here}"})) as mine,
        listening(Reader(server.url, {"Authorization": f"Bearer {elsewhere}"})) as other,
    ):
        tell_result(caller, "get_user", {"id": "1"})
        mine.wait_for(lambda heard: any(said.event == "tool_response" for said in heard))
        beats = len(other.heard)
        other.wait_for(lambda heard: len(heard) > beats + 1)

    assert other.of("tool_response") == []


def test_a_result_that_is_too_large_for_a_stream_is_named_only(reader, caller):
    with listening(reader) as client:
        tell_result(caller, "list_users", {"text": "x" * 300_000})
        client.wait_for(lambda heard: any(said.event == "error_event" for said in heard))

    [said] = client.of("error_event")
    assert (said.data["error"], said.data["details"]) == ("result_too_large", {"tool": "list_users"})
    assert client.of("tool_response") == []


def test_telling_takes_no_time_while_redis_hangs(caller, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    began = time.monotonic()
    for _ in range(100):
        tell_result(caller, "get_event_types", {})

    assert time.monotonic() - began < 5
