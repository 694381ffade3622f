"""The protocol's Inspector lists and calls our tools by every transport."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.conftest import Ended
from tests.mcp_integration.server.connecting import Server, process_environment

WAYS = {
    "stdio": ["python", "manage.py", "runmcpserver"],
    "http, 2025-11-25": ["{url}/mcp", "--transport", "http"],
    "http, 2026-07-28": ["{url}/mcp", "--transport", "http", "--protocol-era", "modern"],
    "sse": ["{url}/sse", "--transport", "sse"],
}


@pytest.fixture(params=WAYS)
def inspect(request, server: Server, node: Callable[..., Ended], key: str) -> Callable[..., Any]:
    """What the Inspector answers, as JSON, by one of the transports."""
    way = [word.format(url=server.url) for word in WAYS[request.param]]
    header = _settings(key) if request.param == "stdio" else ["--header", f"X-API-Key: {key}"]

    def run(*words: str) -> Any:
        ended = node("mcp-inspector", "--cli", *way, *header, "--format", "json", *words)
        assert ended.returncode == 0, (ended.stdout, ended.stderr)
        return json.loads(ended.stdout)

    return run


def _settings(key: str) -> list[str]:
    """The environment of the process that the Inspector starts, which it does not hand on by itself."""
    environment = process_environment(MCP_API_KEY=key)
    names = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MCP_API_KEY", "PATH")
    return [word for name in names if name in environment for word in ("-e", f"{name}={environment[name]}")]


def test_the_inspector_lists_and_calls_our_tools(inspect: Callable[..., Any]):
    listed = inspect("--method", "tools/list")
    assert "create_booking" in json.dumps(listed)

    called = inspect("--method", "tools/call", "--tool-name", "get_event_types")
    assert "check-up" in json.dumps(called)
