"""Clients of the MCP server by every transport, and the real process that they connect to."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
from django.db import connection
from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

from launcher.server import free_port

ROOT = Path(__file__).resolve().parents[3]
# Whatever takes longer has failed (seconds).
PATIENCE = 120
LEGACY, MODERN = "legacy", "2026-07-28"
# Transport and era, as tests name them.
WAYS = [("stdio", LEGACY), ("stdio", MODERN), ("mcp", LEGACY), ("mcp", MODERN), ("sse", LEGACY)]


def process_environment(**more: str) -> dict[str, str]:
    """The environment of a server's process: the tests' own database and settings."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MCP_", "COV_"))}
    # As on a machine where it has run before: with its bytecode.
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**inherited, "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}", **more}


@dataclass
class Server:
    """The real process over HTTP."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def http_server(folder: Path, *options: str, **more: str) -> Iterator[Server]:
    """`runmcpserver --http` on a port of its own, until the block ends."""
    port, log = free_port(), folder / "stderr"
    command = [sys.executable, "manage.py", "runmcpserver", "--http", "--port", str(port), *options]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=process_environment(**more), stderr=file)
    try:
        _wait_until_it_answers(process, port, log)
        yield Server(port, process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())


@asynccontextmanager
async def connected(way: str, mode: str, *, key: str, port: int = 0, **options: Any) -> AsyncIterator[Client]:
    """A client of the SDK by stdio, `/mcp` or `/sse`."""
    async with AsyncExitStack() as stack:
        target = await _target(way, key, port, stack)
        yield await stack.enter_async_context(Client(target, mode=mode, **options))


async def _target(way: str, key: str, port: int, stack: AsyncExitStack) -> Any:
    headers = {"X-API-Key": key}
    if way == "stdio":
        arguments = ["manage.py", "runmcpserver"]
        return StdioServerParameters(
            command=sys.executable, args=arguments, cwd=ROOT, env=process_environment(MCP_API_KEY=key)
        )
    if way == "sse":
        return sse_client(f"http://127.0.0.1:{port}/sse", headers=headers)
    http = await stack.enter_async_context(create_mcp_http_client(headers=headers))
    return streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http)


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What a coroutine gives, in a loop of its own, within `PATIENCE`."""

    async def bounded() -> Any:
        with anyio.fail_after(PATIENCE):
            return await work()

    return anyio.run(bounded)


def error_in(result: Any) -> dict[str, Any]:
    """The error of a tool's result, which says the same as text and as structure."""
    assert result.is_error, result.structured_content
    assert json.loads(result.content[0].text) == result.structured_content
    error: dict[str, Any] = result.structured_content["error"]
    return error
