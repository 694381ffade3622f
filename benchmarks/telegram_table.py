"""The bot's figures, and their part of the page."""

import asyncio
import os
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil

from benchmarks.place import cpu_seconds
from benchmarks.telegram_crowd import Crowd, Outcome, after_one_another
from benchmarks.telegram_people import Waits
from benchmarks.telegram_place import (
    BARE_BOT,
    BOT,
    Ledger,
    Telegram,
    bare_bot,
    bots,
    free_again,
    ledger,
    telegram,
)
from benchmarks.telegram_steps import Cost, costs

PEOPLE, ALONE, IN_PROCESS = 200, 25, 25
# How long somebody looks at a card before they tap, in the mean (seconds); nobody is much faster.
PAUSE = 3.0


@dataclass(frozen=True)
class Rush:
    """A crowd that booked at once."""

    bots: int
    pause: float
    outcome: Outcome
    ledger: Ledger
    cpu: float

    def row(self) -> str:
        """The row in Markdown."""
        waits, told = self.outcome.waits, self.outcome
        return (
            f"| {self.bots} | {self.pause:g} s | {waits.percentile(0.5):.0f} | {waits.percentile(0.95):.0f} "
            f"| {waits.all[-1] * 1e3:.0f} | {told.booked / PEOPLE:.1%} | {told.went} | {self.ledger.undone} "
            f"| {self.ledger.again} | {len(waits.all) / told.seconds:.0f} | {self.cpu:.1f} |"
        )


def measure_telegram() -> str:
    """Measure and word it. The demonstration's hospitals are there."""
    _say("Some people walk through the bot in this process …")
    steps = costs_in_process()
    with telegram() as place:
        with bare_bot(place):
            bare = asyncio.run(_bare_crowd(place))
            bare_alone = asyncio.run(after_one_another(place, BARE_BOT, ALONE, bare=True))
        with bots(place, 1):
            alone = asyncio.run(after_one_another(place, BOT, ALONE))
        rushes = asyncio.run(_rushes(place))
    return _report(steps, alone, bare_alone, rushes, bare)


def costs_in_process() -> dict[str, Cost]:
    """Each step's cost without any Telegram."""
    from telegram_integration.bots import platform_bot  # noqa: PLC0415  -- for this function alone

    bot = platform_bot()
    if bot is None:
        raise RuntimeError("TELEGRAM_BOT_TOKEN is empty.")
    return costs(bot, IN_PROCESS)


async def _rushes(place: Telegram) -> list[Rush]:
    """The same people book at once by one bot process and by two, with a pause between taps and without."""
    crowd, rushes = Crowd(place, BOT, PEOPLE, first=1000), []
    async with AsyncExitStack() as stack:
        for count in (1, 2):
            with bots(place, count) as processes:
                if not crowd.people:
                    _say(f"{PEOPLE} people register …")
                    await crowd.register(stack)
                rushes += [await _rush(crowd, processes, pause) for pause in (PAUSE, 0.0)]
    return rushes


async def _rush(crowd: Crowd, processes: list[psutil.Process], pause: float) -> Rush:
    _say(f"{PEOPLE} book at once, {pause:g} s between their taps, {len(processes)} bot process(es) …")
    begun, before = time.time(), sum(map(cpu_seconds, processes))
    outcome = await crowd.book(pause)
    cpu = (sum(map(cpu_seconds, processes)) - before) / len(outcome.waits.all) * 1e3
    _say(f"{outcome.booked} booked, {outcome.silent} gave up; told: {dict(outcome.told)}")
    await asyncio.sleep(2)
    counted = ledger(begun)
    if counted.bookings != outcome.booked:
        raise RuntimeError(f"{outcome.booked} people have a ticket, {counted.bookings} bookings are there.")
    free_again(begun)
    return Rush(len(processes), pause, outcome, counted, cpu)


async def _bare_crowd(place: Telegram) -> Outcome:
    async with AsyncExitStack() as stack:
        crowd = Crowd(place, BARE_BOT, PEOPLE, first=0)
        await crowd.greet(stack)
        return await crowd.tap_about(6)


def _report(
    steps: dict[str, Cost], alone: Waits, bare_alone: Waits, rushes: list[Rush], bare: Outcome
) -> str:
    floor = bare_alone.percentile(0.5, "tap")
    rows = "\n".join(_step_row(name, cost, alone, floor) for name, cost in steps.items())
    return f"""## The Telegram bot

Measured {datetime.now(UTC):%Y-%m-%d}: a year of demonstration data, the make-believe Telegram with
the limits of the real one, bot processes by polling; PostgreSQL, Redis and the people are on the same
{psutil.cpu_count()} cores. A wait is the time from what a person does to what they see, over HTTP on both
sides. The machine's load average at the end: {os.getloadavg()[1]:.1f}.

{ALONE} people one after the other: p50 {alone.percentile(0.5):.0f} ms, p95 {alone.percentile(0.95):.0f} ms
(aim: under 300 ms), longest {alone.all[-1] * 1e3:.0f} ms. A bot of the same library that answers without a
domain: p50 {floor:.0f} ms, p95 {bare_alone.percentile(0.95, "tap"):.0f} ms. "In process" is the handler with
everything but the network, in the median.

| step | p50 ms | p95 ms | × bare | statements | in process ms | of it CPU ms | in the database ms |
|---|---|---|---|---|---|---|---|
{rows}

{PEOPLE} people who have registered book at the same time (aims: no wait over 5 s, over 95 % complete, nothing
lost or handled twice); what they book is free again for the next ones. Who loses a slot to another chooses
anew, up to five times. "Pause" is how long they look at a card, in the mean; without one they are a queue of
{PEOPLE}: nobody reads so fast.

| bots | pause | p50 ms | p95 ms | longest | booked | slot went | lost | twice | answers a second | CPU ms |
|---|---|---|---|---|---|---|---|---|---|---|
{chr(10).join(rush.row() for rush in rushes)}

The bot without a domain, the same crowd without a pause: p50 {bare.waits.percentile(0.5):.0f} ms, p95
{bare.waits.percentile(0.95):.0f} ms, longest {bare.waits.all[-1] * 1e3:.0f} ms,
{len(bare.waits.all) / bare.seconds:.0f} answers a second.
"""


def _step_row(name: str, cost: Cost, alone: Waits, floor: float) -> str:
    seen = [alone.percentile(share, name) for share in (0.5, 0.95)] if name in alone.by_step else [0.0, 0.0]
    return f"| {name} | {seen[0]:.0f} | {seen[1]:.0f} | {seen[0] / floor:.1f} | {cost.row()} |"


def _say(text: str) -> None:
    print(text, file=sys.stderr)
