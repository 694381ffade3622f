"""Before what cannot be undone the person is asked: by elicitation where that can be, else by `confirm`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.types import ElicitRequestParams, ElicitResult

from mcp_integration.server.callers import ByKey
from mcp_integration.server.protocol import make_server
from tests.mcp_integration.server.connecting import (
    LEGACY,
    MODERN,
    Server,
    connected,
    error_in,
    run,
)

NEXT_WEEK = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
ASKS = [("mcp", MODERN), ("sse", LEGACY)]


class Person:
    """Answers the client's forms, and remembers what was asked."""

    def __init__(self, action: str, **content: Any) -> None:
        self.answer = ElicitResult(action=action, content=content or None)
        self.asked: list[str] = []

    async def __call__(self, _context: Any, params: ElicitRequestParams) -> ElicitResult:
        self.asked.append(params.message)
        return self.answer


async def book(client: Client, service: int, time: str = "09:00") -> str:
    """The reference of a new booking."""
    made = await client.call_tool(
        "create_booking",
        {
            "event_type_id": service,
            "date": NEXT_WEEK,
            "time": time,
            "guest_name": "Malee",
            "guest_phone": "0812345678",
        },
    )
    assert not made.is_error, made.structured_content
    reference: str = made.structured_content["reference"]
    return reference


async def is_booked(client: Client, reference: str) -> bool:
    found = await client.call_tool("search_appointments", {"booking_reference": reference})
    return [row["status"] for row in found.structured_content["results"]] == ["SCHEDULED"]


def cancelled_by(
    person: Person | None, way: str, mode: str, key: str, port: int, service: int, **more: Any
) -> tuple[Any, bool]:
    """What cancelling answers, and whether the booking stands after it."""

    async def try_it() -> tuple[Any, bool]:
        async with connected(way, mode, key=key, port=port, elicitation_callback=person) as client:
            reference = await book(client, service)
            result = await client.call_tool("cancel_booking", {"booking_reference": reference, **more})
            return result, await is_booked(client, reference)

    return run(try_it)


@pytest.mark.parametrize(("way", "mode"), ASKS)
def test_a_yes_cancels(port: int, visit, key: str, way: str, mode: str):
    person = Person("accept", confirm=True)
    result, is_still_booked = cancelled_by(person, way, mode, key, port, visit.pk)

    assert not result.is_error, result.structured_content
    assert not is_still_booked
    assert len(person.asked) == 1
    assert NEXT_WEEK[:4] in person.asked[0] or "check-up" in person.asked[0]


@pytest.mark.parametrize(("way", "mode"), ASKS)
@pytest.mark.parametrize(
    "person",
    [Person("decline"), Person("cancel"), Person("accept", confirm=False)],
    ids=lambda one: str(one.answer),
)
def test_whatever_is_no_yes_changes_nothing(port: int, visit, key: str, way: str, mode: str, person: Person):
    result, is_still_booked = cancelled_by(person, way, mode, key, port, visit.pk)

    assert error_in(result)["reason"] == "declined"
    assert is_still_booked


@pytest.mark.parametrize(("way", "mode"), [("mcp", MODERN), ("mcp", LEGACY)])
def test_a_client_that_cannot_ask_is_told_to(port: int, visit, key: str, way: str, mode: str):
    result, is_still_booked = cancelled_by(None, way, mode, key, port, visit.pk)

    error = error_in(result)
    assert error["reason"] == "confirmation_required"
    assert error["details"]["question"]
    assert is_still_booked


def test_a_client_of_the_older_revisions_is_told_to_where_nothing_is_kept(server: Server, visit, key: str):
    """It can ask, but on a stateless transport no question can reach it."""
    person = Person("accept", confirm=True)
    result, _ = cancelled_by(person, "mcp", LEGACY, key, server.port, visit.pk)

    assert error_in(result)["reason"] == "confirmation_required"
    assert person.asked == []


def test_who_has_confirmed_is_not_asked_again(server: Server, visit, key: str):
    person = Person("decline")
    result, is_still_booked = cancelled_by(person, "mcp", MODERN, key, server.port, visit.pk, confirm=True)

    assert not result.is_error
    assert not is_still_booked
    assert person.asked == []


# ── the state that clients carry ───────────────────────────────────────────────
@pytest.fixture
def post(server: Server) -> Callable[..., Any]:
    """One call of `cancel_booking` as it stands on the wire, on a connection of its own."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}},
    }

    def call(key: str, reference: str, **more: Any) -> Any:
        arguments = {"booking_reference": reference}
        params = {"name": "cancel_booking", "arguments": arguments, "_meta": meta, **more}
        headers = {
            "X-API-Key": key, "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": MODERN,
            "Mcp-Method": "tools/call", "Mcp-Name": "cancel_booking",
        }  # fmt: skip
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        return httpx.post(f"{server.url}/mcp", json=body, headers=headers).json()

    return call


@pytest.fixture
def reference(visit, key: str) -> str:
    """A booking that stands."""

    async def make() -> str:
        async with Client(make_server(ByKey(key)), mode=MODERN) as client:
            return await book(client, visit.pk)

    found: str = run(make)
    return found


YES = {"confirmation": {"action": "accept", "content": {"confirm": True}}}


def test_any_worker_takes_an_answer_to_a_question_of_any_other(post, key: str, reference: str):
    asked = post(key, reference)["result"]
    assert asked["resultType"] == "input_required"
    assert list(asked["inputRequests"]) == ["confirmation"]

    # Eight questions on eight connections: both workers have asked, and one of them is answered.
    states = [post(key, reference)["result"]["requestState"] for _ in range(8)]
    done = post(key, reference, inputResponses=YES, requestState=states[-1])
    assert done["result"]["isError"] is False, done


def test_an_answer_without_its_question_is_asked_again(post, key: str, reference: str):
    answered = post(key, reference, inputResponses=YES)

    assert answered["result"]["resultType"] == "input_required"


def test_a_state_is_good_for_its_caller_its_call_and_as_it_is(post, key: str, key_with, reference: str):
    state = post(key, reference)["result"]["requestState"]
    forged = [
        post(key_with("read:bookings", "write:bookings"), reference, inputResponses=YES, requestState=state),
        post(key, "AAAA-BBBB", inputResponses=YES, requestState=state),
        post(key, reference, inputResponses=YES, requestState=state[:-4] + "AAAA"),
        post(key, reference, inputResponses=YES, requestState="asked"),
    ]

    assert {answer["error"]["code"] for answer in forged} == {-32602}
    assert "asked" not in state
