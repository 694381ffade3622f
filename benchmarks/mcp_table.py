"""The MCP server's figures, and their part of the page."""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psutil

from benchmarks.mcp_place import (
    credential_for,
    database_time,
    key_for_everything,
    reading_calls,
    server,
    stdio_ready,
)
from benchmarks.mcp_wire import Answers, call_bytes, crowd, in_turns
from benchmarks.place import Place, cpu_seconds
from credentials.callers import Credential
from tenants.models import Hospital

TIMES, CLIENTS = 100, 100
# What a crowd asks for: what patients' assistants ask for most.
_BUSY = ("get_event_types", "check_availability", "search_appointments", "list_doctors")


@dataclass(frozen=True)
class Line:
    """One tool. Milliseconds: of a call, its statements, doing nothing, the echo, all medians; and of CPU."""

    name: str
    call: float
    database: float
    nothing: float
    echo: float
    cpu: float

    @property
    def bound(self) -> float:
        """Twice the bare echo and the statements."""
        return 2 * self.echo + self.database

    def row(self) -> str:
        """The row in Markdown."""
        return (
            f"| `{self.name}` | {self.call:.2f} | {self.database:.2f} | {self.nothing:.2f} | {self.echo:.2f} "
            f"| {self.call / self.nothing:.1f} | {self.call / self.bound:.2f} | {self.cpu:.2f} |"
        )


@dataclass(frozen=True)
class Both:
    """The two servers: their ports and processes."""

    port: int
    process: psutil.Process
    bare_port: int
    bare_process: psutil.Process


@dataclass(frozen=True)
class Crowd:
    """What a crowd met: its answers, for how long, and the server's memory before and after in MiB."""

    answers: Answers
    seconds: float
    pause: float
    before: float
    after: float

    def row(self) -> str:
        """The row in Markdown."""
        p50, p95 = self.answers.percentile(0.5), self.answers.percentile(0.95)
        return (
            f"| {self.pause:g} s | {len(self.answers.seconds) / self.seconds:.0f} "
            f"| {self.answers.success:.2%} | {p50:.0f} | {p95:.0f} | {self.before:.0f} → {self.after:.0f} |"
        )


def measure_mcp(place: Place, seconds: float) -> str:
    """Measure and word it; the hospital is there. Raises `RuntimeError` where a call is refused."""
    key = key_for_everything(Hospital.objects.get(schema_name=place.schema))
    credential = credential_for(key)
    calls = reading_calls(credential, place)
    _say("Starting a server on stdio …")
    ready = stdio_ready(key)
    with server("benchmarks.mcp_ours") as ours, server("benchmarks.mcp_bare") as bare:
        both = Both(*ours, *bare)
        lines = [_measure(both, credential, key, name, asked) for name, asked in calls.items()]
        floors = [_cpu(*ours, _nothing(key)), _cpu(*bare, _echo(key))]
        busy = [call_bytes(name, calls[name], key) for name in _BUSY]
        asyncio.run(crowd(both.port, busy, clients=CLIENTS, seconds=min(5, seconds), pause=0))
        crowds = [_crowd(both.port, both.process, busy, seconds, pause) for pause in (1.0, 0.0)]
    return _report(lines, floors, crowds, ready)


def _nothing(key: str) -> bytes:
    return call_bytes("do_nothing", {"text": "x" * 100}, key)


def _echo(key: str) -> bytes:
    return call_bytes("echo", {"text": "x" * 100}, key)


def _measure(both: Both, credential: Credential, key: str, name: str, asked: dict[str, Any]) -> Line:
    _say(f"Measuring {name} …")
    wanted = call_bytes(name, asked, key)
    turns = [(both.port, wanted), (both.port, _nothing(key)), (both.bare_port, _echo(key))]
    call, nothing, echo = asyncio.run(in_turns(turns, TIMES))
    if call.failed or nothing.failed or echo.failed:
        raise RuntimeError(f"{name}: {call.refusal!r} {nothing.refusal!r} {echo.refusal!r}")
    database = database_time(credential, name, asked)
    cpu = _cpu(both.port, both.process, wanted)
    medians = (call.percentile(0.5), database, nothing.percentile(0.5), echo.percentile(0.5))
    return Line(name, *medians, cpu)


def _cpu(port: int, process: psutil.Process, request: bytes) -> float:
    """Milliseconds of user and system time that a server needs for a call: it minds no other load."""
    before = cpu_seconds(process)
    asyncio.run(in_turns([(port, request)], TIMES))
    return (cpu_seconds(process) - before) / TIMES * 1e3


def _crowd(port: int, process: psutil.Process, busy: list[bytes], seconds: float, pause: float) -> Crowd:
    _say(f"{CLIENTS} clients at once for {seconds:g} s, {pause:g} s between their calls …")
    before = _memory(process)
    answers = asyncio.run(crowd(port, busy, clients=CLIENTS, seconds=seconds, pause=pause))
    return Crowd(answers, seconds, pause, before, _memory(process))


def _memory(process: psutil.Process) -> float:
    """MiB of a process and its children."""
    family = (process, *process.children(recursive=True))
    return float(sum(one.memory_info().rss for one in family)) / 2**20


def _report(lines: list[Line], floors: list[float], crowds: list[Crowd], ready: float) -> str:
    rows = "\n".join(line.row() for line in lines)
    within = sum(line.call <= line.bound for line in lines)
    return f"""## The MCP server

Measured {datetime.now(UTC):%Y-%m-%d}, one process of ours and one of the bare SDK on the same cores as
PostgreSQL and the load; revision 2026-07-28 over `/mcp`, {TIMES} calls of each, in turns with a tool on the
same server that does nothing and with the bare SDK's echo in a process of its own; medians. "Database" is
what the statements of a call take when it runs alone in one process, the audit trail's included. "Of the
aim" is the time in shares of twice the echo and the statements (1 at most; {within} of {len(lines)} are).
The last column is user and system time of the server for a call, which other load hardly changes:
{floors[0]:.2f} ms for the tool that does nothing, {floors[1]:.2f} ms for the bare echo.
The machine's load average at the end: {os.getloadavg()[1]:.1f}.

| tool | ms | database ms | nothing ms | echo ms | × nothing | of the aim | CPU ms |
|---|---|---|---|---|---|---|---|
{rows}

{CLIENTS} clients at once, each on its own connection, mixing services, free times, searches and doctors
(aims: over 99.5 % success, p95 under 500 ms, memory steady); without a pause they are a queue of {CLIENTS}:

| pause | calls a second | success | p50 ms | p95 ms | memory MiB |
|---|---|---|---|---|---|
{chr(10).join(crowd.row() for crowd in crowds)}

A server on stdio answers {ready:.2f} s after its start (aim: under 3 s).
"""


def _say(text: str) -> None:
    print(text, file=sys.stderr)
