"""Ten thousand reminders by Telegram: in order, within the limits, each once, also when workers die."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from launcher.paths import PROJECT
from telegram_integration.sandbox.limits import Limits
from telegram_integration.sandbox.server import listen, server
from telegram_integration.sandbox.state import Bot, World
from tests.faults.daemons import Program
from tests.faults.platform import BOT_TOKEN, eventually
from tests.faults.reminding import EACH, FIRST, HOSPITALS

ALL = len(HOSPITALS) * EACH
# What the platform keeps to, and what Telegram takes: in the proportion of the 20 of the settings to its 30.
RATE, TAKEN = 200, 300
# How many workers send at once (telegram_integration.sending.bucket).
PLACES = 4
LONGEST = 240  # seconds
_LEFT = "SELECT count(*) FROM bookings_notice WHERE kind = 'reminder' AND status = 'PENDING'"
_FATES = """
SELECT u.telegram_id, n.status, n.channel, n.why FROM bookings_notice n
  JOIN public.telegram_links l ON l.patient_id = n.patient_id JOIN public.telegram_users u ON u.id = l.user_id
 WHERE n.kind = 'reminder'
"""
# Six minutes pass: whoever had a reminder in hand is dead.
_LATER = "UPDATE public.jobs_job SET due_at = now() WHERE starts_with(kind, 'notice.send') AND due_at > now()"
_MADE = f"u.telegram_id BETWEEN {FIRST} AND {FIRST + ALL}"
_AWAY = (
    f"DELETE FROM telegram_chats USING telegram_users u WHERE u.id = user_id AND {_MADE}",
    f"DELETE FROM telegram_links USING telegram_users u WHERE u.id = user_id AND {_MADE}",
    f"DELETE FROM telegram_users u WHERE {_MADE}",
)
_JOBS = "DELETE FROM jobs_job WHERE schema_name = current_schema() AND"
_REMINDERS = "SELECT id::text FROM bookings_notice WHERE kind = 'reminder'"
_EVENTS = "SELECT id::text FROM events_event WHERE type = 'booking.reminder_sent'"
# What others have queued meanwhile stays: the platform's own workers do it when they are back.
_TOLD = (
    f"{_JOBS} starts_with(kind, 'notice.send') AND subject IN ({_REMINDERS})",
    f"{_JOBS} kind = 'event' AND subject IN ({_EVENTS})",
    "UPDATE events_event SET relayed_at = now() WHERE type = 'booking.reminder_sent' AND relayed_at IS NULL",
    "DELETE FROM bookings_notice WHERE kind = 'reminder'",
    "DELETE FROM bookings_appointment WHERE starts_with(guest_name, 'Patient ')",
    "DELETE FROM bookings_patient WHERE starts_with(name, 'Patient ')",
)
_HANDED = "UPDATE bookings_notice SET handing_since = handing_since - interval '10 minutes'"


@dataclass
class Telegram:
    """The make-believe one, whose people have all started the bot."""

    url: str
    bot: Bot
    world: World

    def arrived(self) -> list[int]:
        """The chats of all messages, in the order in which they were taken."""
        found = [(one.id, chat.id) for chat in self.bot.chats.values() for one in chat.messages.values()]
        return [chat for _, chat in sorted(found)]


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    world = World(limits=Limits(overall=TAKEN, per_chat=1, burst=1))
    bot = world.bot_of(BOT_TOKEN)
    for number in range(FIRST, FIRST + ALL):
        bot.chat_with(world.person(number)).is_started = True
    listening = listen(0)
    serving = server(world)
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]}, name="telegram")
    thread.start()
    yield Telegram(f"http://127.0.0.1:{listening.getsockname()[1]}", bot, world)
    serving.should_exit = True
    thread.join(20)
    listening.close()


@pytest.fixture
def environment(platform, telegram) -> dict[str, str]:
    """The platform's, with that Telegram."""
    return platform.environment | {
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_BASE_URL": telegram.url,
        "TELEGRAM_MESSAGES_PER_SECOND": str(RATE),
    }


@pytest.fixture
def workers(platform, environment) -> Iterator[list[Program]]:
    """Workers of these lanes alone; the platform's own are silent meanwhile, and find no events after."""
    for one in (platform.worker, platform.beat):
        one.kill()
    command = [sys.executable, "-m", "tests.faults.sending"]
    ours = [Program(f"sender-{n}", command, environment, platform.journal) for n in range(PLACES)]
    yield ours
    for one in ours:
        one.kill()
    for schema in ("public", *schemas(platform)):
        for statement in _AWAY if schema == "public" else _TOLD:
            platform.sql(statement, schema=schema)


def schemas(platform) -> list[str]:
    return [platform.hospitals[name].schema for name in HOSPITALS]


def made_by(module: str, environment: dict[str, str]) -> str:
    """What a program says that prepares something."""
    return subprocess.run(
        [sys.executable, "-m", module], cwd=PROJECT, env=environment, check=True, timeout=LONGEST,
        stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip


def left(platform) -> int:
    return sum(platform.sql(_LEFT, schema=schema)[0][0] for schema in schemas(platform))


def fates(platform) -> dict[int, list[str]]:
    rows = [row for schema in schemas(platform) for row in platform.sql(_FATES, schema=schema)]
    return {number: fate for number, *fate in rows}


def most_passed_over(order: list[int], arrived: list[int], lost: set[int]) -> int:
    """How many reminders that were due before one that had arrived had not, at the worst moment."""
    place = {number: n for n, number in enumerate(one for one in order if one not in lost)}
    worst, latest = 0, -1
    for count, number in enumerate(one for one in arrived if one not in lost):
        latest = max(latest, place[number])
        worst = max(worst, latest - count)
    return worst


def test_ten_thousand_reminders_go_out_in_order_within_the_limits_and_each_once(
    platform, telegram, environment, workers, note
):
    order = json.loads(made_by("tests.faults.reminding", environment))
    assert len(order) == ALL
    began = time.monotonic()
    for one in workers:
        one.start()

    kills = 0
    for part in (ALL // 3, 2 * ALL // 3):
        assert eventually(lambda: ALL - left(platform) >= part, LONGEST, every=1)[0], "nothing goes on"  # noqa: B023  -- now
        for one in workers:
            one.kill()
            kills += 1
        for schema in schemas(platform):
            platform.sql(_HANDED, schema=schema)
        platform.sql(_LATER)
        for one in workers:
            one.start()
    done, _ = eventually(lambda: left(platform) == 0, LONGEST, every=1)
    seconds = time.monotonic() - began

    assert done, f"{left(platform)} reminders were not sent"
    arrived, ends = telegram.arrived(), fates(platform)
    assert len(ends) == ALL
    assert len(set(arrived)) == len(arrived), "somebody was reminded twice"
    unsure = {
        number for number, (status, _, why) in ends.items() if (status, why) == ("FAILED", "outcome_unknown")
    }
    assert len(unsure) <= kills
    sent = {number for number, fate in ends.items() if fate == ["SENT", "telegram", ""]}
    assert len(sent) + len(unsure) == ALL
    assert sent <= set(arrived) <= sent | unsure
    assert telegram.bot.meter.overall.most <= TAKEN
    assert telegram.bot.meter.per_chat == 1
    # Those in hand; and those that a worker had only just taken when it was killed, which come last.
    assert most_passed_over(order, arrived, unsure) <= PLACES + kills
    note(
        f"workers killed that send {ALL:,} reminders by Telegram", tries=kills, back_after=seconds,
        besides=f"all sent in {seconds:.0f} s, {len(arrived) / seconds:.0f} a second, at most "
        f"{telegram.bot.meter.overall.most} in one; {len(unsure)} of unknown outcome, none twice",
    )  # fmt: skip
