"""Streams over real HTTP: addresses served by a real uvicorn, clients that read, drop and come back."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from django.db import connection
from starlette.applications import Starlette

ROOT = Path(__file__).resolve().parents[2]
# How long a client waits for a message (seconds).
PATIENCE = 40.0


def application() -> Starlette:
    """The addresses of the streams alone."""
    from mcp_integration.streams.routes import routes  # noqa: PLC0415  -- needs the applications

    return Starlette(routes=routes())


@dataclass
class Served:
    """A running server: its address and, where it is another one, its process."""

    url: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of the process, where it is another one."""
        assert self.process is not None
        return self.process.pid

    def stop(self) -> None:
        """Ask the process to end."""
        assert self.process is not None
        self.process.terminate()


@contextmanager
def served(*, at: int = 0) -> Iterator[Served]:
    """The addresses, served by uvicorn in a thread of this process, at a port of their own or at this one."""
    listening = socket.create_server(("127.0.0.1", at))
    config = uvicorn.Config(
        application(), log_config=None, access_log=False, timeout_graceful_shutdown=1, ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="uvicorn")
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


@contextmanager
def served_elsewhere(**env: str) -> Iterator[Served]:
    """The whole MCP process, on the database and the Redis of the tests."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            "config.asgi:application",
            "--port",
            str(port),
            "--no-access-log",
            "--log-level",
            "warning",
            "--timeout-graceful-shutdown",
            "5",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "MCP_SSE_HEARTBEAT_INTERVAL": "1",
            **env,
        },
    )
    try:
        wait_until(lambda: _answers(port), seconds=60)
        yield Served(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(30)


def resident_bytes(pid: int) -> int:
    """How much memory a process holds."""
    [line] = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(is_so: Any, seconds: float = 20) -> bool:
    """Return True once it is so; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError("it takes too long")
        time.sleep(0.05)
    return True


@dataclass
class Said:
    """One message as it came: what kind, its data, its id and the pause that it asks for."""

    event: str
    data: Any
    id: str | None = None
    retry: int | None = None


@dataclass
class Reader:
    """A client of a stream, that keeps the last id as browsers do."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    last_id: str | None = None

    @contextmanager
    def open(self, *, patience: float = PATIENCE) -> Iterator[Iterator[Said]]:
        """Connect, and iterate over what is said until the server ends the stream."""
        headers = dict(self.headers)
        if self.last_id is not None:
            headers["Last-Event-ID"] = self.last_id
        timeout = httpx.Timeout(10, read=patience)
        with (
            httpx.Client(timeout=timeout, trust_env=False) as client,
            client.stream("GET", f"{self.url}/api/mcp/sse", headers=headers, params=self.params) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                answer.read()
                raise AssertionError(f"{answer.status_code}: {answer.text}")
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield self._messages(answer)

    def _messages(self, answer: httpx.Response) -> Iterator[Said]:
        block: dict[str, str] = {}
        for line in answer.iter_lines():
            if line:
                name, _colon, value = line.partition(":")
                block[name] = value.removeprefix(" ")
                continue
            said = Said(
                block["event"],
                json.loads(block["data"]),
                block.get("id"),
                int(block["retry"]) if "retry" in block else None,
            )
            self.last_id = said.id or self.last_id
            block = {}
            yield said


class Listening(threading.Thread):
    """A reader in a thread of its own: what it heard so far, and how it ended."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(daemon=True)
        self.reader = reader
        self.heard: list[Said] = []
        self.opened = threading.Event()
        self.fault: BaseException | None = None
        self._leave = threading.Event()

    def run(self) -> None:
        try:
            with self.reader.open() as messages:
                for said in messages:
                    self.heard.append(said)
                    self.opened.set()
                    if self._leave.is_set():
                        return
        except BaseException as error:  # noqa: BLE001  -- for the test to judge
            self.fault = error

    def wait_for(self, is_so: Any, seconds: float = PATIENCE) -> None:
        """Return once what was heard is as wanted; fails when the stream ends before."""
        deadline = time.monotonic() + seconds
        while not is_so(self.heard):
            assert time.monotonic() < deadline, f"heard {self.heard}"
            assert self.is_alive() or is_so(self.heard), f"{self.fault!r} after {self.heard}"
            time.sleep(0.02)

    def of(self, event: str) -> list[Said]:
        """What was heard of one kind."""
        return [said for said in list(self.heard) if said.event == event]

    def leave(self) -> None:
        """Go away with the next message."""
        self._leave.set()


@contextmanager
def listening(reader: Reader) -> Iterator[Listening]:
    """A reader that has its place by the time the block begins."""
    thread = Listening(reader)
    thread.start()
    try:
        thread.wait_for(lambda heard: any(said.id for said in heard))
        yield thread
    finally:
        thread.leave()
        thread.join(PATIENCE)
