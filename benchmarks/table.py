"""Measuring, and the page that keeps the figures."""

import contextlib
import json
import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from django.core.management import call_command
from django.db import connection

from benchmarks.admin_table import measure_admin
from benchmarks.bare import Bare, cpu_per_call
from benchmarks.load import Outcome, request_bytes, send_all
from benchmarks.mcp_table import measure_mcp
from benchmarks.place import STARTS, Place, coming_days, cpu_seconds, web_process
from benchmarks.seed import seed_hospital
from benchmarks.telegram_table import measure_telegram

RESULTS = Path(__file__).with_name("RESULTS.md")
# Where the other parts of the page begin.
MCP_PART = "## The MCP server\n"
TELEGRAM_PART = "## The Telegram bot\n"
ADMIN_PART = "## The admin\n"
READS, BOOKINGS, CONNECTIONS = 3000, 3000, 4
CROWD, ROUNDS = 500, 10


@dataclass(frozen=True)
class Figure:
    """One row of the table; CPU in milliseconds for each request."""

    what: str
    aim: str
    web_cpu: float
    bare_cpu: float
    rate: float
    outcome: Outcome

    def row(self) -> str:
        """The row in Markdown."""
        p50, p99 = self.outcome.percentile(0.5) * 1e3, self.outcome.percentile(0.99) * 1e3
        return (
            f"| {self.what} | {self.aim} | {self.web_cpu:.2f} | {self.bare_cpu:.2f} "
            f"| {self.web_cpu / self.bare_cpu:.1f} | {self.rate:.0f} | {p50:.1f} | {p99:.1f} |"
        )


def measure_all(only: str | None, seconds: float) -> None:
    """Measure, print the tables and keep them. Django must be set up, in a database that can be filled.

    `only` names one part ("rest", "mcp", "telegram" or "admin"); `seconds` is how long the crowd at the MCP
    server stays.
    """
    call_command("migrate_schemas", shared=True, verbosity=0)
    page, _, admin = RESULTS.read_text().partition(ADMIN_PART)
    page, _, telegram = page.partition(TELEGRAM_PART)
    if only in (None, "rest", "mcp"):
        page = _measure_hospital(page, only, seconds)
    if only in (None, "telegram"):
        telegram = _measure_bot()
    if only in (None, "admin"):
        admin = f"\n{measure_admin()}"
    text = f"{page.rstrip()}\n\n{TELEGRAM_PART}{telegram.rstrip()}\n\n{ADMIN_PART}{admin}"
    RESULTS.write_text(text)
    print(text)


def _measure_hospital(page: str, only: str | None, seconds: float) -> str:
    print("Filling a hospital with a year of appointments …", file=sys.stderr)
    place = seed_hospital(os.environ["DATABASE_URL"])
    rest, _, mcp = page.partition(MCP_PART)
    if only != "mcp":
        rest = measure_rest(place)
    if only != "rest":
        mcp = measure_mcp(place, seconds).removeprefix(MCP_PART)
    return f"{rest.rstrip()}\n\n{MCP_PART}{mcp}"


def _measure_bot() -> str:
    print("Loading a year of demonstration data …", file=sys.stderr)
    with contextlib.redirect_stdout(sys.stderr):
        call_command("load_demo")
    return measure_telegram().removeprefix(TELEGRAM_PART)


def measure_rest(place: Place) -> str:
    """The REST API's figures, in words."""
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's backend has it
    with web_process() as (port, process):
        figures = [measure(place, port, process, *what) for what in plan(place)]
        rounds = [hot_slot(place, port, number) for number in range(ROUNDS)]
    return report(figures, rounds)


def plan(place: Place) -> list[tuple[str, str, str, list[bytes]]]:
    """What is measured: name, aim, the bare work's name, the requests."""
    base = "/api/v1/tenants/bench/booking"
    days = coming_days(40)
    day = [f"{base}/availability/{place.service_id}?date={day}" for day in days]
    month = [f"{base}/availability/{place.service_id}/days?month={day:%Y-%m}" for day in days]
    reads = [[request_bytes("GET", path, place.key) for path in paths] for paths in (day, month)]
    return [
        ("availability of a day", "≤ 1.5 ms CPU", "day", (reads[0] * READS)[:READS]),
        ("availability of a month", "≤ 3 ms CPU", "month", (reads[1] * READS)[:READS]),
        ("booking", "> 400 a second", "book", _bookings(place, f"{base}/create")),
    ]


def _bookings(place: Place, path: str) -> list[bytes]:
    """Bookings of different slots, after the seeded ones, by guests of whom most come back."""
    days = coming_days(120)[65:]
    wanted = []
    for number in range(BOOKINGS + 200):
        nth, who = divmod(number, len(place.practitioners))
        hour, minute = STARTS[nth % len(STARTS)]
        body = {
            "event_type_id": place.busy_service_id,
            "date": days[nth // len(STARTS)].isoformat(),
            "time": f"{hour:02}:{minute:02}",
            "provider_id": place.practitioners[who],
            "guest_name": f"Guest {number % 800}",
            "guest_phone": f"+6681{number % 800:07}",
        }
        wanted.append(request_bytes("POST", path, place.key, json.dumps(body).encode()))
    return wanted


def measure(
    place: Place, port: int, process: psutil.Process, what: str, aim: str, bare: str, requests: list[bytes]
) -> Figure:
    """Send the requests; divide the web process's CPU by their number; do the same work bare."""
    print(f"Measuring {what} …", file=sys.stderr)
    send_all(port, requests[:200], CONNECTIONS)
    before = cpu_seconds(process)
    outcome = send_all(port, requests[200:], CONNECTIONS)
    used, count = cpu_seconds(process) - before, len(requests) - 200
    if set(outcome.statuses) - {200, 201}:
        raise RuntimeError(f"{what}: unexpected statuses {dict(outcome.statuses)}")
    bare_cpu = cpu_per_call(getattr(Bare(place), bare), 1000)
    return Figure(what, aim, used / count * 1e3, bare_cpu * 1e3, count / outcome.seconds, outcome)


def hot_slot(place: Place, port: int, number: int) -> Outcome:
    """Let a crowd ask for one slot at the same moment. Raises `RuntimeError` unless just one gets it."""
    print(f"{CROWD} at one slot, round {number + 1} …", file=sys.stderr)
    body = {
        "event_type_id": place.busy_service_id,
        "date": coming_days(200)[130 + number].isoformat(),
        "time": "09:30",
        "provider_id": place.practitioners[0],
    }
    guests = [{**body, "guest_name": f"Person {n}", "guest_phone": f"+66812{n:06}"} for n in range(CROWD)]
    path = "/api/v1/tenants/bench/booking/create"
    wanted = [request_bytes("POST", path, place.key, json.dumps(guest).encode()) for guest in guests]
    outcome = send_all(port, wanted, CROWD)
    if outcome.statuses != {201: 1, 409: CROWD - 1}:
        raise RuntimeError(f"One slot, {CROWD} people: {dict(outcome.statuses)}")
    return outcome


def report(figures: list[Figure], rounds: list[Outcome]) -> str:
    """The page of results."""
    rows = "\n".join(figure.row() for figure in figures)
    worst = max(outcome.percentile(0.99) for outcome in rounds)
    middle = sorted(outcome.percentile(0.99) for outcome in rounds)[len(rounds) // 2]
    return f"""# Results

Repeat with `make bench`: it starts its own servers, fills a hospital ({READS} reads, {BOOKINGS} bookings
over {CONNECTIONS} connections, two gunicorn workers of 8 threads) and writes this page.
Measured {datetime.now(UTC):%Y-%m-%d} on {psutil.cpu_count()} cores, Python {platform.python_version()},
with PostgreSQL and the load on the same cores. "Web" is user and system time of the web processes for each
request; "bare" is the same statements sent by one psycopg connection with JSON written, without HTTP; the
ratio of the two is what to compare between machines. One run; shared machines are noisy.

| what | aim | web CPU ms | bare CPU ms | ratio | requests a second | p50 ms | p99 ms |
|---|---|---|---|---|---|---|---|
{rows}

{CROWD} people at one slot in the same moment, {ROUNDS} rounds: in each round one 201 and {CROWD - 1} answers
of 409 with alternatives. p99 of a round: median {middle:.2f} s, worst {worst:.2f} s (aim: under 2 s).
"""
