"""A small stand-in project with the real launcher in it, so that no test touches the developer's own data."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from launcher import homes
from launcher.paths import PROJECT
from tests.launcher.driving import Launched, environment, launch, unused_port

STAND_IN = {
    "Procfile": "web: python web.py\n",
    "config/__init__.py": "",
    "config/settings/__init__.py": "",
    "config/settings/local.py": """
import environ

SECRET_KEY = "stand-in"
DATABASES = {"default": environ.Env().db("DATABASE_URL")}
INSTALLED_APPS = ["demo"]
""",
    "demo/__init__.py": "",
    "demo/management/__init__.py": "",
    "demo/management/commands/__init__.py": "",
    "demo/management/commands/migrate_schemas.py": """
from django.core.management.base import BaseCommand
from django.db import connection

class Command(BaseCommand):
    def handle(self, *args, **options):
        connection.cursor().execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
        print("[standard:public]   Applying demo.0001_initial... OK")
        print("nothing else to do")
""",
    "demo/management/commands/load_demo.py": """
import os, pathlib
import redis
from django.core.management.base import BaseCommand
from django.db import connection

class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--key-file", type=pathlib.Path)

    def handle(self, *args, **options):
        options["key_file"].write_text("key")
        redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO starts DEFAULT VALUES")
            cursor.execute("SELECT count(*) FROM starts")
            self.stdout.write(f"start number {cursor.fetchone()[0]} on port {os.environ['PORT']}")
        self.stderr.write("people are moving in")
""",
    "web.py": """
import http.server, os, pathlib, signal, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()

signal.signal(signal.SIGTERM, lambda *_: (print("web is leaving", flush=True), sys.exit(0)))
pathlib.Path("web.pid").write_text(str(os.getpid()))
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
""",
}


@pytest.fixture(scope="session")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Path]]:
    """Makes projects with the real launcher and `manage.py`; their data are deleted at the end."""
    made: list[Path] = []

    def make() -> Path:
        made.append(tmp_path_factory.mktemp("clone") / "project")
        hidden = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / "launcher", made[-1] / "launcher", ignore=hidden)
        shutil.copy(PROJECT / "manage.py", made[-1])
        for name, content in STAND_IN.items():
            (made[-1] / name).parent.mkdir(parents=True, exist_ok=True)
            (made[-1] / name).write_text(content)
        return made[-1]

    yield make
    for folder in made:
        homes.remove_data(folder / ".nadmor")


@pytest.fixture
def project(make_project: Callable[[], Path]) -> Path:
    """A fresh clone."""
    return make_project()


@pytest.fixture
def port() -> int:
    return unused_port()


@pytest.fixture
def nadmor(project: Path, port: int) -> Iterator[Launched]:
    """`make run` in the stand-in project, ready to be used; ended at the latest when the test is over."""
    with launch(project, "run", PORT=str(port)) as launched:
        launched.wait_for("NadMor is running")
        yield launched


@pytest.fixture
def listener(port: int) -> Iterator[int]:
    """A port on which somebody else listens."""
    command = [sys.executable, "-c", LISTEN, str(port)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield port
        process.kill()


LISTEN = """
import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening", flush=True)
time.sleep(60)
"""


@pytest.fixture
def clean_environment() -> Iterator[None]:
    """`os.environ` without servers in it; whatever a test does to it is undone."""
    with mock.patch.dict(os.environ):
        urls = ("DATABASE_URL", "REDIS_URL", "DATABASE_URL_FILE", "REDIS_URL_FILE", "MCP_DATABASE_URL")
        for name in (*urls, "PORT", "MCP_SERVER_PORT", "TELEGRAM_SANDBOX_PORT", "TELEGRAM_BOT_TOKEN"):
            os.environ.pop(name, None)
        yield
