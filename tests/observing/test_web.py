"""The web process as production runs it: one form of line for all, and one count for all of its workers."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.db import connection

from launcher.server import free_port
from tests.docs.guides import ROOT
from tests.observing.canary import CANARIES, NAME, PHONE

pytestmark = pytest.mark.live
NOWHERE = 'nadmor_http_requests_total{door="web",method="GET",route="none",status="404"}'


class Web:
    """gunicorn with two workers, its lines in a file."""

    def __init__(self, folder: Path, database: str) -> None:
        self.port = free_port()
        self.log = folder / "stderr"
        env = {
            **os.environ, "DATABASE_URL": database, "PORT": str(self.port), "WEB_CONCURRENCY": "2",
            "METRICS_TOKEN": "the-token", "LOG_FORMAT": "json", "TMPDIR": str(folder),
        }  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "config/gunicorn.py"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=log)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        wire.request("GET", path, headers={"Host": "localhost", **headers})
        answer = wire.getresponse()
        text = answer.read().decode()
        wire.close()
        return answer.status, text

    def counted(self) -> int:
        """How many pages of nowhere were asked for, as any of the workers tells it."""
        status, text = self.get("/metrics", Authorization="Bearer the-token")
        assert status == 200
        found = re.search(rf"^{re.escape(NOWHERE)} (\S+)$", text, re.MULTILINE)
        return int(float(found[1])) if found else 0

    def wait(self) -> None:
        for _ in range(600):
            try:
                self.get("/health", Host="10.9.8.7")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(self.log.read_text())


@pytest.fixture
def web(tmp_path, django_db_setup) -> Iterator[Web]:
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    web = Web(tmp_path, f"{server}/{connection.settings_dict['NAME']}")
    try:
        web.wait()
        yield web
    finally:
        web.process.terminate()
        web.process.wait(20)


def test_all_workers_count_together_also_after_one_died(web):
    for _ in range(30):
        assert web.get("/nowhere")[0] == 404
    assert {web.counted() for _ in range(10)} == {30}

    victim = psutil.Process(web.process.pid).children()[0]
    victim.send_signal(signal.SIGKILL)
    victim.wait(10)
    web.wait()
    for _ in range(5):
        web.get("/nowhere")
    assert {web.counted() for _ in range(10)} == {35}


def test_gunicorn_s_own_lines_have_the_form_of_all_others_and_tell_of_nobody(web):
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as wire:
        wire.sendall(f"GET /{NAME}?phone={PHONE} HTTP/{NAME}\r\n\r\n".encode())
        wire.recv(1000)
    web.get(f"/{NAME}?phone={PHONE}")
    web.process.terminate()
    web.process.wait(20)

    text = web.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert {"gunicorn.error", "observing.middleware"} <= {line["logger"] for line in lines}
    assert any(line["event"].startswith("Listening at: http://127.0.0.1:") for line in lines)
    assert any(line["event"].startswith("Invalid request") for line in lines)
    assert not [word for word in CANARIES if word in text]


def test_what_the_processes_counted_in_goes_when_they_end(web, tmp_path):
    web.get("/nowhere")
    [folder] = tmp_path.glob("nadmor-metrics-*")
    assert list(folder.iterdir())
    web.process.terminate()
    web.process.wait(20)

    assert not folder.exists()


def test_what_a_killed_one_left_behind_goes_at_the_next_start(tmp_path, request):
    left = tmp_path / "nadmor-metrics-99999999-x"
    left.mkdir()
    request.getfixturevalue("web")

    assert not left.exists()


def test_without_the_folder_requests_are_answered_all_the_same(web, tmp_path):
    [folder] = tmp_path.glob("nadmor-metrics-*")
    shutil.rmtree(folder)
    for _ in range(20):
        assert web.get("/nowhere")[0] == 404

    assert web.get("/metrics", Authorization="Bearer the-token")[0] == 200
