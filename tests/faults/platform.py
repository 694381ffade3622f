"""NadMor as it is deployed: PostgreSQL, Valkey and every process of the Procfile, each to be killed."""

import http.client
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from launcher import homes, processes, procfile, state
from launcher.paths import PROJECT, SCRIPTS
from launcher.state import Journal
from launcher.throwaway import sweep
from tests.faults.clients import Hospital
from tests.faults.daemons import Daemon, Postgres, Program, Redis
from tests.faults.ears import RedisEar, SentryEar
from tests.faults.ports import quiet_port
from tests.support.receiver import Received, Receiver

_SEED_PATIENCE = 400  # seconds
BOT_TOKEN = "5550003:for-the-fault-tests-only-for-the-fault-tests"  # of a Telegram that is not


class Platform:
    """All of it, with the hospitals of `tests.faults.seed`."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.home = home
        self.journal = Journal(home)
        self.port = quiet_port()
        self.postgres = Postgres(home, quiet_port(), self.journal)
        self.redis = Redis(home, quiet_port(), self.journal)
        for server in (self.postgres, self.redis):
            stack.callback(server.stop)
            server.start()
        _make_database(self.postgres.url)
        self.sentry = SentryEar()
        stack.callback(self.sentry.stop)
        self.environment = self._environment()
        self.places: dict[str, Any] = json.loads(self.run("-m", "tests.faults.seed"))
        self.hospitals = {name: Hospital(self.port, name, place) for name, place in self.places.items()}
        self.ploy, self.rama = self.hospitals["ploy"], self.hospitals["rama"]
        self.receiver = stack.enter_context(Receiver())
        self._read: dict[int, Any] = {}
        self.redis_ear = RedisEar(self.redis.url)
        stack.callback(self.redis_ear.stop)
        commands = procfile.load(PROJECT / "Procfile")
        self.programs = {name: self._program(name, shlex.split(line)) for name, line in commands.items()}
        for program in self.programs.values():
            stack.callback(program.kill)
            program.start()
        for hospital in (self.ploy, self.rama):
            self.register(hospital, self.receiver.url(f"/{hospital.subdomain}"))

    def _environment(self) -> dict[str, str]:
        theirs = {name: value for name, value in os.environ.items() if not name.endswith("_FILE")}
        self.telegram_port = quiet_port()
        return {
            **theirs,
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "PORT": str(self.port),
            "MCP_SERVER_PORT": str(quiet_port()),
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": "for-the-fault-tests-only",
            "TELEGRAM_WEBHOOK_BASE_URL": f"http://127.0.0.1:{self.port}",
            "TELEGRAM_API_BASE_URL": f"http://127.0.0.1:{self.telegram_port}",
            "TELEGRAM_SANDBOX_PORT": str(self.telegram_port),
            "DEFAULT_SUBDOMAIN": "ploy",
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "SENTRY_DSN": self.sentry.dsn,
            "PATH": os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", os.defpath)]),
            "PYTHONPATH": str(PROJECT),
            "PYTHONUNBUFFERED": "1",
            # Tests that need many addresses say them in X-Forwarded-For.
            "TRUSTED_PROXIES": "1",
        }

    def _program(self, name: str, command: list[str]) -> Program:
        ready = {"web": lambda: web_answers(self.port), "telegram": lambda: listens(self.telegram_port)}
        return Program(name, command, self.environment, self.journal, ready.get(name))

    def register(self, hospital: Hospital, url: str, *events: str) -> str:
        """Register a webhook for these events, or all; its id."""
        body = {"webhook_url": url, "events": list(events) or ["*"]}
        answer = hospital.manage("POST", "/api/v1/webhooks/register", body)
        assert answer.status == 201, answer
        return str(answer.body["id"])

    def read(self, received: Received) -> Any:
        """The JSON of a message that came."""
        if id(received) not in self._read:
            self._read[id(received)] = received.json
        return self._read[id(received)]

    @property
    def web(self) -> Program:
        return self.programs["web"]

    @property
    def worker(self) -> Program:
        return self.programs["worker"]

    @property
    def beat(self) -> Program:
        return self.programs["beat"]

    @property
    def bot(self) -> Program:
        return self.programs["bot"]

    def everything(self) -> list[Daemon]:
        """Servers first: the programs need them."""
        return [self.postgres, self.redis, *self.programs.values()]

    def heal(self) -> None:
        """Start what a test left dead, wake what it left frozen."""
        for one in self.everything():
            one.thaw()
            if not one.is_running():
                one.start()

    def run(self, *words: str) -> str:
        """Run Python with the platform's settings to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, *words], cwd=PROJECT, env=self.environment, check=True,
            stdout=subprocess.PIPE, timeout=_SEED_PATIENCE, text=True,
        )  # fmt: skip
        return done.stdout

    def sql(self, query: str, *params: Any, schema: str = "public") -> list[tuple[Any, ...]]:
        """Rows, over a connection that is not the platform's."""
        with psycopg.connect(self.postgres.url, autocommit=True) as wire:
            wire.execute(f"SET search_path = {schema}, public")
            found = wire.execute(query, params)
            return found.fetchall() if found.description else []

    def logs(self) -> dict[str, bytes]:
        """What every process has said so far."""
        return {path.name: path.read_bytes() for path in sorted(self.home.glob("*.log"))}


def _make_database(url: str) -> None:
    base, _, name = url.rpartition("/")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as wire:
        wire.execute(f"CREATE DATABASE {name}")


def web_answers(port: int) -> bool:
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        wire.request("GET", "/api/v1/tenants/ploy/booking/event-types", headers={"Host": "localhost"})
        return wire.getresponse().status == 401
    except (OSError, http.client.HTTPException):
        return False
    finally:
        wire.close()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def platform() -> Iterator[Platform]:
    """A platform in a folder of its own; whatever happens, nothing of it is left."""
    sweep()
    home = homes.throwaway_home()
    try:
        with state.hold(home, otherwise="Process {pid} uses this folder."), ExitStack() as stack:
            yield Platform(home, stack)
    finally:
        with processes.undisturbed():
            shutil.rmtree(home, ignore_errors=True)


def eventually(what: Callable[[], Any], seconds: float, every: float = 0.1) -> tuple[Any, float]:
    """Wait until something is true; what it was, falsy if it never came, and after how many seconds."""
    began = time.monotonic()
    while not (found := what()) and time.monotonic() - began < seconds:
        time.sleep(every)
    return found, time.monotonic() - began
