"""A database with two hospitals, a make-believe Telegram, and processes of ours that talk to it."""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg

from benchmarks.database import fresh_database
from benchmarks.place import web_process
from tests.support.telegram import Sandbox
from tests.support.telegram_users import SandboxUser

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "5550004:for-the-journeys-only-for-the-journeys-only"  # of a Telegram that is not
SECRET = "for-the-journeys-only"  # of its webhook
PATIENCE = 30  # seconds
_UPDATES = """
SELECT count(*), count(done_at), max(attempts), count(*) FILTER (WHERE error <> '') FROM telegram_updates
WHERE chat_id = %s
"""


class Place:
    """Where journeys happen. `processes` are the bots that the test at hand has started."""

    def __init__(self, url: str, places: dict[str, Any], sandbox: Sandbox) -> None:
        self.url, self.places, self.sandbox = url, places, sandbox
        self._stack = ExitStack()
        self._said: dict[int, IO[bytes]] = {}

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of ours is told."""
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "LOG_LEVEL": "WARNING",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_API_BASE_URL": self.sandbox.url,
            "DEFAULT_SUBDOMAIN": "ploy",
            **more,
        }

    def bot(self, *options: str, **more: str) -> "subprocess.Popen[bytes]":
        """A bot process that is ready."""
        said = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  -- it does
        process = subprocess.Popen(
            [sys.executable, "manage.py", "runtelegrambot", *options],
            cwd=ROOT, env=self.environment(**more), stdout=subprocess.PIPE, stderr=said,
        )  # fmt: skip
        self._said[process.pid] = said
        self._stack.callback(_stop, process)
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"ready:"), self.said(process)
        return process

    def said(self, bot: "subprocess.Popen[bytes]") -> str:
        """What a bot process has written to stderr: its log, and the codes that it would send."""
        return os.pread(self._said[bot.pid].fileno(), 1 << 20, 0).decode()

    def code_of(self, bot: "subprocess.Popen[bytes]") -> str:
        """The last one-time code that a process has sent."""
        return str(eventually(lambda: re.findall(r"SMS to .*?\b(\d{6})\b", self.said(bot)))[-1])

    def web(self) -> int:
        """The web process, to which Telegram posts updates from now on; its port."""
        port, _ = self._stack.enter_context(web_process(self.environment()))
        self.manage("telegram_webhook", "--set", TELEGRAM_WEBHOOK_BASE_URL=f"http://127.0.0.1:{port}")
        self._stack.callback(self.manage, "telegram_webhook", "--delete")
        return port

    def manage(self, *words: str, **more: str) -> str:
        """Run a command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment(**more), check=True,
            stdout=subprocess.PIPE, timeout=60, text=True,
        )  # fmt: skip
        return done.stdout

    def end(self) -> None:
        """End what the test has started."""
        self._stack.close()

    def sql(self, query: str, *params: Any, subdomain: str = "ploy") -> list[tuple[Any, ...]]:
        """Rows, over a connection that is not the platform's."""
        with psycopg.connect(self.url, autocommit=True) as wire:
            wire.execute(f"SET search_path = {self.places[subdomain]['schema']}, public")
            found = wire.execute(query, params)
            return found.fetchall() if found.description else []


@contextmanager
def made() -> Iterator[Place]:
    """The place, with hospitals Ploy and Rama of `tests.live.seed`."""
    with fresh_database(os.environ["DATABASE_URL"]) as url, Sandbox(token=TOKEN) as sandbox:
        env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.local"}
        seeded = subprocess.run(
            [sys.executable, "-m", "tests.live.seed"], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
        )
        yield Place(url, json.loads(seeded.stdout), sandbox)


def assert_nothing_was_lost_or_refused(place: Place, person: SandboxUser) -> None:
    """Each of the person's updates was answered at its first attempt, and Telegram took all that was sent."""

    def settled() -> tuple[int, int] | None:
        # People see an answer a moment before the update is noted as done.
        count, done, attempts, errors = place.sql(_UPDATES, person.id)[0]
        return (attempts, errors) if count == done else None

    assert eventually(settled) == (1, 0)
    # Nobody is as fast as a test: Telegram may have asked for a pause, and for nothing else.
    refusals = [one for one in place.sandbox.refusals() if str(one["chat_id"]) == str(person.id)]
    assert {one["code"] for one in refusals} <= {429}, refusals
    eventually(lambda: place.sandbox.counters()["callbacks_unanswered"] == 0)


def post(port: int, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post something to the web process; the status."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        wire.request("POST", path, body, {"Host": "localhost", "Content-Type": "application/json", **headers})
        return wire.getresponse().status
    finally:
        wire.close()


def eventually(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What it is once it is true; fails if that does not come."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)
    return found


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    if process.stdout is not None:
        process.stdout.close()
