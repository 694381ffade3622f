"""A platform as patients meet it: real web processes with their pool, over HTTP, in a database of its own.

The tests of this folder share it and run one after the other (see tests/support/sharing.py).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks.database import fresh_database
from benchmarks.place import web_process
from tests.live.crowd import Door

ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They start real web processes."""
    for item in items:
        if "tests/live/" in item.nodeid:
            item.add_marker(pytest.mark.live)


class Platform:
    """Two hospitals behind two web processes: their doors, and a look into the database."""

    def __init__(self, url: str, port: int, places: dict[str, Any]) -> None:
        self.url = url
        self.port = port
        self.places = places

    def door(self, subdomain: str, *, key_of: str | None = None) -> Door:
        """The REST door of one hospital, with its own key or that of another."""
        return Door(self.port, subdomain, self.places[key_of or subdomain]["key"])

    def query(self, subdomain: str, sql: str) -> list[tuple[Any, ...]]:
        """Rows out of one hospital's schema."""
        with psycopg.connect(self.url, autocommit=True) as wire:
            wire.execute(f"SET search_path = {self.places[subdomain]['schema']}, public")
            return wire.execute(sql).fetchall()


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """The platform, started once."""
    with fresh_database(os.environ["DATABASE_URL"]) as url:
        env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.local"}
        seeded = subprocess.run(
            [sys.executable, "-m", "tests.live.seed"], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
        )
        with web_process(env=env) as (port, _):
            yield Platform(url, port, json.loads(seeded.stdout))
