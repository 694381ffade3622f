"""A hospital of ordinary size in a database of its own, and the web process that serves it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import psutil

from launcher.server import free_port

ROOT = Path(__file__).resolve().parent.parent
PRACTITIONERS, PROVIDERS = 12, 4
# Starts of half an hour, nine to five with a lunch break.
STARTS = [(hour, minute) for hour in (9, 10, 11, 13, 14, 15, 16) for minute in (0, 30)]
BOOKED_A_DAY = 3
PAST_DAYS, COMING_DAYS = 305, 60
_PATIENCE = 60.0  # seconds, on a machine that is busy


@dataclass(frozen=True)
class Place:
    """Where the benchmark runs."""

    database_url: str
    schema: str
    key: str
    service_id: int
    busy_service_id: int
    practitioners: list[str]


@contextmanager
def web_process(env: Mapping[str, str] = os.environ) -> Iterator[tuple[int, psutil.Process]]:
    """Run two gunicorn workers as production does; yield their port and the process above them."""
    port = free_port()
    env = {
        **env,
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "LOG_LEVEL": "WARNING",
        "GUNICORN_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "config/gunicorn.py"]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        _wait_until_it_answers(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            urlopen(f"http://127.0.0.1:{port}/api/schema/", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The web process did not answer within {_PATIENCE:.0f} s.")


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time that a process and its children have used so far."""
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


def coming_days(count: int) -> list[date]:
    """The next days, from the day after tomorrow on."""
    today = datetime.now(UTC).date()
    return [today + timedelta(days=2 + ahead) for ahead in range(count)]
