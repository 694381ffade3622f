"""The process on stdin and stdout, as a desktop client starts it."""

import json
import subprocess
import sys
from typing import Any

import anyio
import pytest
from django.db import connections
from mcp import Client, MCPError

from apikeys.keys import revoke_key
from apikeys.models import ApiKey
from core.actor import Actor
from mcp_integration.server.callers import ByKey
from mcp_integration.server.protocol import make_server
from tests.mcp_integration.server.connecting import MODERN, PATIENCE, ROOT, process_environment, run

INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"},
    },
}  # fmt: skip
COMMAND = [sys.executable, "manage.py", "runmcpserver"]


def started(key: str, *options: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *options], cwd=ROOT, env=process_environment(MCP_API_KEY=key, **more), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def spoken(key: str, *messages: object, **more: str) -> tuple[list[dict], str, int]:
    """What the process says to these lines: the messages on stdout, the text on stderr, its exit code."""
    lines = [one if isinstance(one, str) else json.dumps(one) for one in messages]
    with started(key, **more) as process:
        out, err = process.communicate("\n".join(lines) + "\n", timeout=PATIENCE)
    return [json.loads(line) for line in out.splitlines()], err, process.returncode


def test_nothing_but_messages_is_on_stdout_and_the_end_of_stdin_is_the_end(key: str):
    initialized = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call"}
    call["params"] = {"name": "get_event_types", "arguments": {}}

    answers, err, code = spoken(key, INITIALIZE, "no JSON at all", initialized, call, LOG_LEVEL="DEBUG")

    assert code == 0, err
    assert all(one["jsonrpc"] == "2.0" for one in answers)
    assert answers[0]["result"]["serverInfo"]["name"] == "nadmor"
    assert {one.get("id") for one in answers} >= {1}


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "MCP_API_KEY is not set: it should be an API key, or an access token."),
        ("nadmor_wrong", "MCP_API_KEY opens nothing: "),
        ("a.b.c", "MCP_API_KEY opens nothing: "),
    ],
)
def test_without_a_key_that_opens_something_it_ends_with_one_line(fresh_hospital, key: str, reason: str):
    answers, err, code = spoken(key, INITIALIZE)

    assert code == 1
    assert answers == []
    assert err.startswith(f"CommandError: {reason}")
    assert len(err.splitlines()) == 1


def test_a_start_waits_for_nothing_that_only_other_work_needs(key: str):
    """How fast that is stands in benchmarks/RESULTS.md; here is what it must not read again."""
    _, read, code = spoken(key, INITIALIZE, PYTHONPROFILEIMPORTTIME="1")
    modules = {line.rpartition("|")[2].strip() for line in read.splitlines() if "|" in line}

    assert code == 0
    assert {"mcp.server.lowlevel.server", "bookings.models.people"} <= modules
    assert not modules & {"openpyxl", "holidays", "telegram", "config.urls", "config.wsgi", "playwright"}


def test_the_key_is_looked_at_for_each_message(visit, key: str):
    async def revoked_in_between() -> tuple[bool, Any]:
        async with Client(make_server(ByKey(key)), mode=MODERN) as client:
            before = await client.call_tool("get_event_types", {})
            await anyio.to_thread.run_sync(revoke)
            with pytest.raises(MCPError) as refused:
                await client.call_tool("get_event_types", {})
            return before.is_error, refused.value.error.data["error"]["code"]

    def revoke() -> None:
        try:
            revoke_key(Actor.system("tests", "keys.write"), ApiKey.objects.get())
        finally:
            connections.close_all()

    assert run(revoked_in_between) == (False, "AUTH_INVALID")
