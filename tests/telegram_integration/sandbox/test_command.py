"""`manage.py runtelegramsandbox`: for development, on loopback, and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.support.telegram import Sandbox

ROOT = Path(__file__).resolve().parents[3]
# What production wants before it starts at all.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": ".nadmor.example",
    "BASE_DOMAIN": "nadmor.example",
    "ENCRYPTION_KEYS": "y" * 40,
    "JWT_SECRET": "z" * 40,
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    # The environment cannot allow it either.
    "TELEGRAM_SANDBOX_ALLOWED": "yes",
}


def test_it_runs_as_a_process_of_its_own():
    with Sandbox.process() as sandbox:
        assert sandbox.call("getMe")["result"]["is_bot"]
        assert sandbox.user(1).types("/start").messages[0]["text"] == "/start"


def test_settings_that_do_not_allow_it_are_named(settings):
    settings.TELEGRAM_SANDBOX_ALLOWED = False
    with pytest.raises(CommandError, match=r"for development: these settings \(DJANGO_SETTINGS_MODULE\)"):
        call_command("runtelegramsandbox")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", ""])  # noqa: S104  -- this is refused
def test_it_listens_to_this_machine_alone(host: str):
    with pytest.raises(CommandError, match=r"listens on 127\.0\.0\.1 alone"):
        call_command("runtelegramsandbox", host=host)


def test_a_port_in_use_is_one_line():
    with Sandbox() as sandbox, pytest.raises(CommandError, match="cannot be used"):
        call_command("runtelegramsandbox", port=int(sandbox.url.rpartition(":")[2]))


def test_production_cannot_start_it():
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
    ended = subprocess.run(
        [sys.executable, "manage.py", "runtelegramsandbox", "--port", "0"],
        cwd=ROOT,
        env={**inherited, **PRODUCTION},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "The make-believe Telegram is for development" in ended.stderr
    assert "Traceback" not in ended.stderr
