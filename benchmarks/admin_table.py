"""The admin's figures, and their part of the page."""

import gc
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

import psutil
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.admin_place import Front, seed_front, signed_in
from tenants.context import inside

TIMES = 7
_CALENDAR = "/admin/bookings/appointment/calendar/"
_LIST = "/admin/bookings/appointment/"


@dataclass(frozen=True)
class Page:
    """One page, in milliseconds: the answer and the CPU of it in the median, and its statements alone."""

    name: str
    answer: float
    cpu: float
    bare: float
    statements: int
    size: int

    def row(self) -> str:
        """The row in Markdown."""
        return (
            f"| {self.name} | {self.answer:.0f} | {self.cpu:.0f} | {self.bare:.1f} "
            f"| {self.answer / self.bare:.1f} | {self.statements} | {self.size / 1000:.0f} |"
        )


def measure_admin() -> str:
    """Measure and word it, in a hospital of its own."""
    print("Filling a month with ten thousand appointments …", file=sys.stderr)
    front = seed_front()
    # A line of the log for each request would hide the table.
    logging.disable(logging.INFO)
    client = signed_in()
    # As config/gunicorn.py does: the rows that filled the month are no web process's.
    gc.collect()
    gc.freeze()
    pages = [_measure(front, client, name, address) for name, address in _pages(front)]
    return _report(front, pages)


def _pages(front: Front) -> list[tuple[str, str]]:
    day, last = front.today, front.first + timedelta(days=29)
    return [
        ("calendar: page", _CALENDAR),
        ("calendar: a day", _feed(day, day)),
        ("calendar: a week", _feed(day, day + timedelta(days=6))),
        ("calendar: 30 days", _feed(front.first, last)),
        ("calendar: counts of a month", f"{_CALENDAR}month/?month={day:%Y-%m}"),
        ("calendar: anything new?", f"{_CALENDAR}version/"),
        ("day list to print", f"{_CALENDAR}print/?day={day}"),
        ("list of today", f"{_LIST}?when=today"),
        ("list of all days", f"{_LIST}?when=all"),
        ("list: search by phone", f"{_LIST}?q=0810000042"),
        ("front page in numbers", "/admin/dashboard/"),
    ]


def _feed(first: date, last: date) -> str:
    return f"{_CALENDAR}feed/?from={first}&to={last}"


def _measure(front: Front, client: Client, name: str, address: str) -> Page:
    print(f"Measuring {name} …", file=sys.stderr)
    size = _get(client, address)
    with CaptureQueriesContext(connection) as caught:
        _get(client, address)
    statements = [query["sql"] for query in caught if query["sql"].startswith("SELECT")]
    taken, cpu = _times(lambda: _get(client, address))
    with inside(front.hospital):
        bare, _ = _times(lambda: _read(statements))
    return Page(name, taken, cpu, bare, len(statements), size)


def _get(client: Client, address: str) -> int:
    answer = client.get(address, headers={"accept-language": "en"})
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return len(answer.content)


def _read(statements: list[str]) -> None:
    """The same statements and their rows, without a framework's rows or a page."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def _times(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the clock and of this process's CPU that a run takes, in the median of some."""
    taken = []
    for _ in range(TIMES):
        begun, used = time.perf_counter(), time.process_time()
        work()
        taken.append(((time.perf_counter() - begun) * 1e3, (time.process_time() - used) * 1e3))
    return median(each for each, _ in taken), median(each for _, each in taken)


def _report(front: Front, pages: list[Page]) -> str:
    rows = "\n".join(page.row() for page in pages)
    return f"""Measured {datetime.now(UTC):%Y-%m-%d}: {front.count} appointments in 30 days, 24 practitioners,
an administrator's browser in this process (no network), {TIMES} times each. PostgreSQL is on the same
{psutil.cpu_count()} cores, whose load average was {psutil.getloadavg()[0]:.1f}. "Bare" is the page's own
statements sent again on the same connection and their rows read; the ratio of the two is what to compare
between machines. Aim: the day and the lists under 200 ms.

| page | median ms | of it CPU ms | bare ms | × bare | statements | kB |
|---|---|---|---|---|---|---|
{rows}
"""
