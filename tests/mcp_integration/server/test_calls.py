"""Calls inside of the server: threads and their connections, progress, and what must not get out."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from django.db import connection
from mcp import Client, MCPError
from rest_framework import serializers

from launcher.processes import wait_until
from mcp_integration import invoking
from mcp_integration.server.callers import ByKey
from mcp_integration.server.protocol import make_server
from mcp_integration.threads import in_thread, limiter
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.tool import READ, Group, Tool
from tests.mcp_integration.server.connecting import LEGACY, MODERN, PATIENCE, error_in, run

both_eras = pytest.mark.parametrize("mode", [LEGACY, MODERN])


class NothingSerializer(serializers.Serializer):
    """Nothing."""


class DoneSerializer(serializers.Serializer):
    """How far it came."""

    done = serializers.IntegerField()


def stand_in(name: str, work: Any) -> Tool:
    """A tool like ours around something that ours do not do."""
    return Tool(
        name=name, title=name, description=name, group=Group.BOOKING, hints=READ, needs=("catalogue.read",),
        takes=NothingSerializer, gives=DoneSerializer, run=work, says=lambda _: "Done.", example={},
    )  # fmt: skip


@pytest.fixture
def with_tool(monkeypatch) -> Callable[..., None]:
    """Adds a tool to those that may be called."""
    return lambda name, work: monkeypatch.setitem(invoking._BY_NAME, name, stand_in(name, work))


def open_connections() -> int:
    """How many connections to this database there are besides ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def test_a_hundred_calls_at_once_share_a_few_connections_and_leave_none_behind(visit, key: str, settings):
    settings.MCP_THREADS = 4
    before, most = open_connections(), []

    async def hundred() -> list[Any]:
        results: list[Any] = []

        async def one() -> None:
            results.append(await client.call_tool("get_event_types", {}))
            most.append(limiter().borrowed_tokens)

        async with Client(make_server(ByKey(key)), mode=MODERN) as client:
            async with anyio.create_task_group() as group:
                for _ in range(100):
                    group.start_soon(one)
            return results

    results = run(hundred)
    assert len(results) == 100
    assert not any(result.is_error for result in results)
    assert max(most) <= 4
    assert wait_until(lambda: open_connections() <= before, PATIENCE)


def test_what_a_thread_raises_comes_back_and_its_connection_is_closed(fresh_hospital):
    def fail() -> None:
        connection.ensure_connection()
        raise LookupError("as it should be")

    before = open_connections()
    with pytest.raises(LookupError):
        run(lambda: in_thread(fail))
    # The server's side of it ends a moment later.
    assert wait_until(lambda: open_connections() <= before, PATIENCE)


@both_eras
def test_progress_reaches_whoever_asked_for_it(visit, key: str, with_tool, mode: str):
    def slow(call: Call) -> dict[str, int]:
        for done in range(1, 4):
            call.progress(done, 3, f"{done} of 3")
        return {"done": 3}

    with_tool("slow", slow)
    heard: list[tuple[float, float | None, str | None]] = []

    async def hear(done: float, total: float | None, message: str | None) -> None:
        heard.append((done, total, message))

    async def call() -> tuple[Any, Any]:
        async with Client(make_server(ByKey(key)), mode=mode) as client:
            return (
                await client.call_tool("slow", {}, progress_callback=hear),
                await client.call_tool("slow", {}),
            )

    told, untold = run(call)
    assert told.structured_content == untold.structured_content == {"done": 3}
    assert heard == [(1, 3, "1 of 3"), (2, 3, "2 of 3"), (3, 3, "3 of 3")]


@both_eras
def test_what_nobody_foresaw_is_told_without_its_words(visit, key: str, with_tool, mode: str):
    def fail(call: Call) -> None:
        raise RuntimeError("Malee, 081 234 5678")

    with_tool("failing", fail)

    async def call() -> Any:
        async with Client(make_server(ByKey(key)), mode=mode) as client:
            return await client.call_tool("failing", {})

    result = run(call)
    assert error_in(result)["code"] == "SERVER_ERROR"
    assert "081 234" not in str(result)


@both_eras
def test_a_handler_that_fails_itself_tells_no_words_either(key: str, monkeypatch, mode: str):
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("Malee, 081 234 5678")

    async def look() -> Any:
        server = make_server(ByKey(key))
        async with Client(server, mode=mode) as client:
            monkeypatch.setattr("mcp_integration.server.protocol.visible_tools", fail)
            with pytest.raises(MCPError) as refused:
                await client.list_tools()
            return refused.value.error

    error = run(look)
    assert error.code == -32603
    assert "081 234" not in str(error)


HOSTILE = [
    {"event_type_id": "1; DROP TABLE", "date": "2026-11-23"},
    {"event_type_id": 10**30, "date": "2026-11-23"},
    {"event_type_id": 1, "date": "\u202e\u0000"},
    {"event_type_id": [1], "date": {"$ne": None}},
    {"event_type_id": True, "date": "9999-99-99"},
    {"event_type_id": 1, "date": "2026-11-23", "subdomain": "../../etc"},
    {"event_type_id": 1, "date": "2026-11-23", "x" * 5000: "y"},
    {f"name{number}": number for number in range(500)},
]


@both_eras
@pytest.mark.parametrize("arguments", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_arguments_are_refused_in_our_words(visit, key: str, mode: str, arguments: dict[str, Any]):
    async def call() -> Any:
        async with Client(make_server(ByKey(key)), mode=mode) as client:
            return await client.call_tool("check_availability", arguments)

    result = run(call)
    error = error_in(result)
    assert error["code"] in ("VALIDATION_ERROR", "RESOURCE_NOT_FOUND")
    assert "pydantic" not in str(result)
    assert len(str(error)) < 2000


@pytest.mark.parametrize("groups", [("booking",), ("healthcare",), ("booking", "healthcare"), None])
def test_the_groups_that_are_served_decide_what_is_listed(key_with, groups):
    key = key_with("read:bookings", "write:bookings", "read:records", "admin:hospital")

    async def look() -> set[str]:
        served = None if groups is None else frozenset(groups)
        async with Client(make_server(ByKey(key), served), mode=MODERN) as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    names = run(look)
    assert ("create_booking" in names) == (groups is None or "booking" in groups)
    assert ("list_medical_records" in names) == (groups is None or "healthcare" in groups)
