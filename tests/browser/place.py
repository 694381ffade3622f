"""A database with the hospital Ploy, and processes of ours over it; each test finds it as it was seeded."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import psycopg
import redis

from benchmarks.database import fresh_database
from benchmarks.place import web_process
from launcher import processes, server, valkey
from launcher.servers import THROWAWAY

ROOT = Path(__file__).resolve().parents[2]
# Who has signed in stays so; what rules are in force is told to everybody anew.
_KEPT = ("django_session", "django_migrations", "bookings_rulesversion")
_WORKER_PATIENCE = 60  # seconds, on a machine that is busy
_NEW_RULES = "UPDATE {}.bookings_rulesversion SET version = hashtextextended(gen_random_uuid()::text, 0)"


class Place:
    """Where the browser goes.

    Tests look into the database by `sql` alone: Django's own connection refuses to work in a thread in which
    an event loop runs, and Playwright's does.
    """

    def __init__(self, env: dict[str, str], port: int, seeded: dict[str, Any]) -> None:
        self._env, self.port, self.seeded = env, port, seeded
        self.url = env["DATABASE_URL"]
        # Who has signed in already, by role; sessions outlast a test.
        self.cookies: dict[str, Any] = {}
        self._stack = ExitStack()

    @property
    def base(self) -> str:
        """Where the hospital's pages are; Chromium knows the way to each name below localhost."""
        return f"http://ploy.localhost:{self.port}"

    @property
    def now(self) -> datetime:
        """The hospital's wall clock, without its zone."""
        return datetime.now(ZoneInfo(self.seeded["zone"])).replace(tzinfo=None)

    def day(self, ahead: int = 0) -> date:
        """Today at the hospital, or some days later."""
        return self.now.date() + timedelta(days=ahead)

    def sql(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        """Rows of the hospital, over a connection that is not the platform's."""
        with psycopg.connect(self.url, autocommit=True) as wire:
            wire.execute(f"SET search_path = {self.seeded['schema']}, public")
            wire.execute(f"SET timezone = '{self.seeded['zone']}'")
            found = wire.execute(query, params)
            return found.fetchall() if found.description else []

    def api(self, path: str, **body: Any) -> dict[str, Any]:
        """What the REST door answers to another system's POST (to a GET without `body`)."""
        address = f"http://127.0.0.1:{self.port}/api/v1/tenants/ploy/booking/{path}"
        headers = {"X-API-Key": self.seeded["key"], "Content-Type": "application/json"}
        with urlopen(
            Request(address, json.dumps(body).encode() if body else None, headers), timeout=30
        ) as got:
            answer: dict[str, Any] = json.load(got)
            return answer

    def worker(self) -> None:
        """A worker for what goes on in the background, until the test's end; returns when it is ready."""
        command = [
            "celery",
            "--quiet",
            "-A",
            "config",
            "worker",
            "--loglevel",
            "WARNING",
            "--concurrency",
            "2",
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--without-gossip", "--without-mingle"],
            cwd=ROOT, env=self._env,
        )  # fmt: skip
        self._stack.callback(_stop, process)
        with redis.Redis.from_url(self._env["REDIS_URL"]) as wire:
            assert processes.wait_until(lambda: _somebody_waits_for_tasks(wire), _WORKER_PATIENCE)

    def keep(self) -> None:
        """Remember all rows, for `restore`."""
        with psycopg.connect(self.url) as wire:
            for schema in self._schemas:
                wire.execute(f"CREATE SCHEMA kept_{schema}")
                for table in _tables(wire, schema):
                    wire.execute(f"CREATE TABLE kept_{schema}.{table} AS TABLE {schema}.{table}")

    def restore(self) -> None:
        """End what the test has started, and put all rows back as they were."""
        self._stack.close()
        with psycopg.connect(self.url) as wire:
            # History resists being emptied by a trigger, and rows point at one another.
            wire.execute("SET session_replication_role = replica")
            for schema in self._schemas:
                for table in _tables(wire, schema):
                    columns = _columns(wire, schema, table)
                    wire.execute(f"DELETE FROM {schema}.{table}")
                    wire.execute(
                        f"INSERT INTO {schema}.{table} ({columns}) OVERRIDING SYSTEM VALUE"
                        f" SELECT {columns} FROM kept_{schema}.{table}"
                    )
            wire.execute(_NEW_RULES.format(self.seeded["schema"]))

    @property
    def _schemas(self) -> tuple[str, str]:
        return "public", self.seeded["schema"]


def _tables(wire: psycopg.Connection, schema: str) -> list[str]:
    found = wire.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [name for (name,) in found if name not in _KEPT]


def _columns(wire: psycopg.Connection, schema: str, table: str) -> str:
    """The columns that are written, as SQL has them: others are computed."""
    found = wire.execute(
        "SELECT quote_ident(column_name) FROM information_schema.columns"
        " WHERE table_schema = %s AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [schema, table],
    )
    return ", ".join(name for (name,) in found)


@contextmanager
def made() -> Iterator[Place]:
    """The place, with what `tests.browser.seed` puts into it."""
    with fresh_database(os.environ["DATABASE_URL"]) as url, _own_redis() as redis_url:
        env = _environment(url, redis_url)
        seeded = subprocess.run(
            [sys.executable, "-m", "tests.browser.seed"],
            cwd=ROOT,
            env=env,
            check=True,
            stdout=subprocess.PIPE,
        )
        with web_process(env) as (port, _):
            place = Place(env, port, json.loads(seeded.stdout))
            place.keep()
            yield place


@contextmanager
def _own_redis() -> Iterator[str]:
    """A server for this place alone: on a shared one, the worker of another place takes our tasks."""
    with tempfile.TemporaryDirectory() as home:
        running = server.start(partial(valkey.launch, Path(home), THROWAWAY.valkey), lambda _: None)
        try:
            yield running.url
        finally:
            running.stop()


def _environment(url: str, redis_url: str) -> dict[str, str]:
    settings = {
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "LOG_LEVEL": "WARNING",
    }
    return {**os.environ, **settings}


def _somebody_waits_for_tasks(wire: "redis.Redis") -> bool:
    return any(client["cmd"] == "brpop" for client in wire.client_list())


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
