"""The process that answers: how it starts, how it ends, and what others do when it is killed."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from telegram_integration.inbox.keeping import keep_all
from telegram_integration.models import TelegramUpdate
from tests.telegram_integration.inbox.conftest import open_bot, telegram  # noqa: F401  -- fixtures
from tests.telegram_integration.inbox.working import text, until, until_done

ROOT = Path(__file__).parents[2]


class Process:
    """`runtelegrambot` in a process of its own. `lines` is what it said."""

    def __init__(self, url: str, *arguments: str) -> None:
        base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        env = {
            **os.environ,
            "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "TELEGRAM_API_BASE_URL": url,
            "LOG_LEVEL": "DEBUG",
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "runtelegrambot", *arguments],
            env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(iter(self.process.stdout.readline, ""))

    @property
    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.lines
        return any(line.startswith("ready") for line in self.lines)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        status = self.process.wait(30)
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@pytest.fixture
def start(telegram):  # noqa: F811  -- a fixture
    """Starts processes; those that are left are killed."""
    started = []

    def one(*arguments):
        started.append(Process(telegram.url, *arguments))
        return started[-1]

    yield one
    for process in started:
        if process.process.poll() is None:
            process.end(signal.SIGKILL)


def test_it_says_that_it_is_ready_answers_and_ends_when_told(open_bot, telegram, start):  # noqa: F811  -- fixtures
    malee = telegram.user(5001, first_name="Malee", language_code="en")
    process = start()
    until(lambda: process.is_ready)
    malee.types("/start").wait_for()
    until_done()

    assert process.end(signal.SIGTERM) == 0
    said = "".join(process.lines)
    assert said.count("ready") == 1
    assert telegram.token.partition(":")[2] not in said
    assert "Malee" not in said
    assert "Traceback" not in said


def test_what_a_killed_process_had_in_hand_is_answered_by_another(open_bot, telegram, start):  # noqa: F811  -- fixtures
    malee = telegram.user(5001, first_name="Malee", language_code="en").starts()
    telegram.fail_next("sendMessage", "timeout", seconds=10)
    keep_all(open_bot, [text(1, said="/help"), text(2, said="/help")])
    first = start("--webhook")
    until(lambda: telegram.ask("GET", "/faults")["faults"] == [])
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    row = TelegramUpdate.objects.get(update_id=1)
    assert (row.attempts, row.done_at) == (1, None)

    second = start("--webhook")
    until(lambda: second.is_ready)
    TelegramUpdate.objects.filter(update_id=1).update(lease_until="2026-01-01T00:00Z")
    until_done()

    assert TelegramUpdate.objects.get(update_id=1).attempts == 2
    assert len(malee.cards) == 2


def test_without_any_bot_it_says_what_to_set(both_hospitals, settings):
    settings.TELEGRAM_BOT_TOKEN = ""

    with pytest.raises(CommandError, match="set TELEGRAM_BOT_TOKEN") as caught:
        call_command("runtelegrambot")
    assert caught.value.returncode == 2


def test_a_token_of_no_form_is_named_without_saying_it(both_hospitals, settings):
    settings.TELEGRAM_BOT_TOKEN = "not-a-token"

    with pytest.raises(CommandError, match="TELEGRAM_BOT_TOKEN") as caught:
        call_command("runtelegrambot")
    assert caught.value.returncode == 2
    assert "not-a-token" not in str(caught.value)
