"""The bot's benchmark: a make-believe Telegram, bot processes, and what they leave in the database."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

import psutil
import psycopg

from benchmarks.place import ROOT
from launcher.server import free_port

TOKEN = "5550001:for-benchmarks-only-for-benchmarks-only"  # noqa: S105  -- of a Telegram that is not
BARE_TOKEN = "5550002:for-benchmarks-only-for-benchmarks-only"  # noqa: S105  -- as above
BOT, BARE_BOT = (int(token.partition(":")[0]) for token in (TOKEN, BARE_TOKEN))


@dataclass(frozen=True)
class Telegram:
    """A make-believe Telegram that runs: its port and its process."""

    port: int
    process: psutil.Process

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What the processes of ours are told."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "LOG_LEVEL": "WARNING",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": self.base,
            "TELEGRAM_SANDBOX_PORT": str(self.port),
        }


@contextmanager
def telegram() -> Iterator[Telegram]:
    """A make-believe Telegram in a process of its own."""
    port = free_port()
    here = Telegram(port, psutil.Process())
    with _running([sys.executable, "manage.py", "runtelegramsandbox"], here.environment()) as process:
        _wait_until(lambda: _bots(here) is not None)
        yield Telegram(port, psutil.Process(process.pid))


@contextmanager
def bots(place: Telegram, count: int) -> Iterator[list[psutil.Process]]:
    """So many processes of our bot, by polling."""
    with ExitStack() as stack:
        command = [sys.executable, "manage.py", "runtelegrambot"]
        started = [stack.enter_context(_running(command, place.environment())) for _ in range(count)]
        _wait_until(lambda: _polls(place, BOT))
        # The second one has nothing to show for being ready.
        time.sleep(3 if count > 1 else 1)
        yield [psutil.Process(one.pid) for one in started]


@contextmanager
def bare_bot(place: Telegram) -> Iterator[psutil.Process]:
    """The bot without a domain."""
    command = [sys.executable, "-m", "benchmarks.telegram_bare", place.base, BARE_TOKEN]
    with _running(command, place.environment()) as process:
        _wait_until(lambda: _polls(place, BARE_BOT))
        yield psutil.Process(process.pid)


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _polls(place: Telegram, bot: int) -> bool:
    return any(one["id"] == bot and one["is_polling"] for one in _bots(place) or ())


def _bots(place: Telegram) -> Any:
    try:
        with urlopen(f"http://127.0.0.1:{place.port}/simulate/bots", timeout=5) as answer:
            return json.load(answer)["bots"]
    except OSError:
        return None


def _wait_until(what: Callable[[], bool]) -> None:
    for _ in range(300):
        if what():
            return
        time.sleep(0.1)
    raise RuntimeError("A process of the benchmark did not come up within 30 s.")


@dataclass(frozen=True)
class Ledger:
    """What the database says of the updates and bookings of a run."""

    updates: int
    undone: int
    again: int
    bookings: int


def ledger(since: float) -> Ledger:
    """Count what came since (epoch seconds)."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as wire:
        updates = wire.execute(
            "SELECT count(*), count(*) FILTER (WHERE done_at IS NULL), count(*) FILTER (WHERE attempts > 1)"
            " FROM public.telegram_updates WHERE received_at > to_timestamp(%s)", [since],
        ).fetchone()  # fmt: skip
        booked = wire.execute(
            "SELECT count(*) FROM h_demo.bookings_appointment"
            " WHERE source = 'telegram' AND status <> 'HELD' AND created_at > to_timestamp(%s)", [since],
        ).fetchone()  # fmt: skip
    assert updates is not None and booked is not None  # noqa: S101, PT018  -- aggregates have a row
    return Ledger(*updates, *booked)


def free_again(since: float) -> None:
    """Cancel what was booked since (epoch seconds), so that the next crowd finds what this one found."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as wire:
        wire.execute(
            "UPDATE h_demo.bookings_appointment SET status = 'CANCELLED'"
            " WHERE source = 'telegram' AND created_at > to_timestamp(%s)", [since],
        )  # fmt: skip
