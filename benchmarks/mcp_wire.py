"""A client of `/mcp` on bare sockets: it measures the server, not a library."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Self

REVISION = "2026-07-28"
_META = {
    "io.modelcontextprotocol/protocolVersion": REVISION,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "benchmark", "version": "1"},
}


@dataclass
class Answers:
    """What came of some calls: seconds of each, how many were no results, and the last of those."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    refusal: bytes = b""

    def percentile(self, share: float) -> float:
        """Milliseconds below which that share of the calls lies."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e3

    @property
    def success(self) -> float:
        """The share of the calls that gave a result."""
        return 1 - self.failed / max(1, len(self.seconds))


def call_bytes(tool: str, arguments: dict[str, Any], key: str) -> bytes:
    """One `tools/call` of the modern revision, ready to be sent."""
    params = {"name": tool, "arguments": arguments, "_meta": _META}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()
    lines = [
        "POST /mcp HTTP/1.1", "Host: 127.0.0.1:8002", f"X-API-Key: {key}", "Content-Type: application/json",
        "Accept: application/json, text/event-stream", f"MCP-Protocol-Version: {REVISION}",
        "Mcp-Method: tools/call", f"Mcp-Name: {tool}", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Wire:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def call(self, request: bytes, answers: Answers) -> None:
        """Send one request and read its whole answer."""
        begun = time.perf_counter()
        self._writer.write(request)
        status, body = await self._answer()
        answers.seconds.append(time.perf_counter() - begun)
        if status != 200 or b'"isError":true' in body or b'"error":{' in body[:200]:
            answers.failed += 1
            answers.refusal = body[:300]

    async def _answer(self) -> tuple[int, bytes]:
        head = await self._reader.readuntil(b"\r\n\r\n")
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            return int(head[9:12]), b"".join([part async for part in self._chunks()])
        length = int(lowered.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head[9:12]), await self._reader.readexactly(length)

    async def _chunks(self) -> Any:
        while size := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)


async def in_turns(asked: list[tuple[int, bytes]], times: int) -> list[Answers]:
    """Each request at its port so often, in turns, so that all of them have the same weather."""
    found = [Answers() for _ in asked]
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(Wire(port)) for port, _ in asked]
        for turn in range(times):
            for wire, (_, request), answers in zip(wires, asked, found, strict=True):
                # The first ones warm up.
                await wire.call(request, answers if turn >= times // 10 else Answers())
    return found


async def crowd(port: int, requests: list[bytes], *, clients: int, seconds: float, pause: float) -> Answers:
    """Some clients at once, each on its own connection, calling again `pause` seconds after each answer."""
    answers, end = Answers(), time.monotonic() + seconds

    async def one(number: int) -> None:
        await asyncio.sleep(pause * number / clients)
        async with Wire(port) as wire:
            for request in _from(requests, number):
                if time.monotonic() >= end:
                    return
                await wire.call(request, answers)
                await asyncio.sleep(pause)

    await asyncio.gather(*(one(number) for number in range(clients)))
    return answers


def _from(requests: list[bytes], number: int) -> Iterator[bytes]:
    while True:
        yield requests[number % len(requests)]
        number += 1
