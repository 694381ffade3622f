"""The ways to a tool, each giving the code of the refusal that it came to, or nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpx
import httpx2
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from core.actor import Door
from credentials.callers import credential_of
from mcp_integration.invoking import invoke, visible_tools

# Whatever waits longer has failed (seconds).
PATIENCE = 60

# Everything is plain HTTP here: a client would read the certificates of all authorities for nothing.
NO_AUTHORITIES = False

# Tool and arguments → the refusal's code, or None where there was none.
Calls = list[tuple[str, dict[str, Any]]]
Codes = dict[str, str | None]


@contextmanager
def serving_everything() -> Iterator[int]:
    """The application of the MCP process, in a thread of its own."""
    from config.asgi import compose  # noqa: PLC0415  -- it sets Django up

    config = uvicorn.Config(
        compose(groups=frozenset({"booking", "healthcare"})), host="127.0.0.1", port=0, log_config=None
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def by_toolbox(_port: int, secret: str, calls: Calls) -> tuple[list[str], Codes]:
    """The tools that the caller sees, and what came of each call, without any transport."""
    credential = credential_of(secret, Door.MCP)
    codes: Codes = {}
    for name, arguments in calls:
        outcome = invoke(credential, name, arguments, language="en")
        codes[name] = None if outcome.error is None else outcome.error["code"]
    return [tool.name for tool in visible_tools(credential)], codes


def by_gateway(port: int, secret: str, calls: Calls) -> tuple[list[str], Codes]:
    """The same by plain HTTP."""
    statuses = {None: 200, "PERMISSION_DENIED": 403, "RESOURCE_NOT_FOUND": 404, "VALIDATION_ERROR": 400}
    codes: Codes = {}
    headers = {"Authorization": f"Bearer {secret}"}
    address = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=address, headers=headers, timeout=PATIENCE, verify=NO_AUTHORITIES) as client:
        for name, arguments in calls:
            answer = client.post("/api/mcp/tools/invoke", json={"tool": name, "params": arguments})
            codes[name] = None if answer.status_code == 200 else answer.json()["error"]["code"]
            assert answer.status_code == statuses.get(codes[name], answer.status_code), name
        seen = [tool["name"] for tool in client.get("/api/tools").json()["tools"]]
    return seen, codes


def by_protocol(mode: str) -> Callable[[int, str, Calls], tuple[list[str], Codes]]:
    """The same by the SDK's client on ``/mcp``, in one of the two eras."""

    def calling(port: int, secret: str, calls: Calls) -> tuple[list[str], Codes]:
        return anyio.run(_by_protocol, port, secret, calls, mode)

    return calling


async def _by_protocol(port: int, secret: str, calls: Calls, mode: str) -> tuple[list[str], Codes]:
    codes: Codes = {}
    headers = {"Authorization": f"Bearer {secret}"}
    with anyio.fail_after(PATIENCE):
        async with (
            httpx2.AsyncClient(headers=headers, timeout=PATIENCE, verify=NO_AUTHORITIES) as http,
            Client(
                streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http), mode=mode
            ) as client,
        ):
            for name, arguments in calls:
                result = await client.call_tool(name, arguments)
                content: Any = result.structured_content
                codes[name] = content["error"]["code"] if result.is_error else None
            seen = [tool.name for tool in (await client.list_tools()).tools]
    return seen, codes
