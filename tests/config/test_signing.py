"""Settings of signing in: what production insists on, and other names that are read."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "x" * 60,
    "ENCRYPTION_KEYS": "x" * 40,
    "ALLOWED_HOSTS": "example.org",
    "BASE_DOMAIN": "example.org",
}
SAY = "from django.conf import settings as s; print(s.JWT_SECRET, s.JWT_EXPIRY, s.AXES_FAILURE_LIMIT)"


def start(**told: str) -> subprocess.CompletedProcess[str]:
    """A process of its own with these settings alone."""
    without = {
        name: value for name, value in os.environ.items() if not name.startswith(("JWT", "MCP", "AXES"))
    }
    return subprocess.run(
        [sys.executable, "-c", SAY],
        env={**without, **GOOD, **told},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "told", [{}, {"JWT_SECRET": ""}, {"JWT_SECRET": "x" * 31}, {"MCP_JWT_SECRET": "short"}]
)
def test_production_does_not_start_without_a_long_secret_of_its_own(told):
    ran = start(**told)

    assert ran.returncode != 0
    assert "JWT_SECRET is not set: it should be 32 random characters or more." in ran.stderr


def test_an_access_token_lasts_a_quarter_of_an_hour_and_five_failures_lock():
    assert start(JWT_SECRET="a" * 32).stdout == f"{'a' * 32} 900 5\n"


def test_the_names_of_the_mcp_server_are_read_where_ours_are_not_set():
    assert start(MCP_JWT_SECRET="m" * 32, MCP_JWT_EXPIRY="600").stdout == f"{'m' * 32} 600 5\n"
    both = {"MCP_JWT_SECRET": "m" * 32, "MCP_JWT_EXPIRY": "600", "JWT_SECRET": "a" * 32, "JWT_EXPIRY": "300"}
    assert start(**both).stdout == f"{'a' * 32} 300 5\n"


@pytest.mark.parametrize("told", [{"AXES_FAILURE_LIMIT": "0"}, {"AXES_COOLOFF_MINUTES": "0"}])
def test_a_lock_that_locks_everybody_or_nobody_is_refused(told):
    ran = start(JWT_SECRET="a" * 32, **told)

    assert "AXES_FAILURE_LIMIT and AXES_COOLOFF_MINUTES should be 1 or more." in ran.stderr
