"""A real worker's lines: the task's id, name and hospital on each, and nothing of its arguments or errors."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from threading import Timer
from typing import Any

import pytest
from django.db import connection

from config.celery import app
from tenants.celery import HEADER
from tests.docs.guides import ROOT
from tests.observing.canary import CANARIES, NAME


@pytest.fixture
def queue() -> str:
    """A queue of this test alone."""
    return f"observing-{uuid.uuid4().hex}"


@pytest.fixture
def worker(fresh_hospital, queue) -> Iterator[subprocess.Popen]:
    """A worker on that queue, in the tests' database; ended after a minute at the latest."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = {**os.environ, "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}", "LOG_FORMAT": "json"}
    options = ("--pool", "solo", "-Q", queue, "--without-gossip", "--without-mingle", "--without-heartbeat")
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.observing.failing_worker", "worker", *options],
        cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    timer = Timer(60, process.kill)
    timer.start()
    yield process
    timer.cancel()
    process.terminate()
    process.wait(20)
    process.stderr.close()


def test_a_task_that_fails_is_told_by_id_name_hospital_class_and_place(worker, queue, fresh_hospital):
    sent = app.send_task(
        "tests.fail", [NAME], queue=queue, headers={HEADER: fresh_hospital.schema_name}, ignore_result=True
    )
    raw: list[str] = []
    for line in worker.stderr:
        raw.append(line)
        if '"task_failed"' in line:
            break

    # Celery warns in plain words of who runs it as root.
    lines = [json.loads(line) for line in raw if line.startswith("{")]
    said: dict[str, Any] = {line["event"]: line for line in lines}
    inside, failed = said["inside"], said["task_failed"]
    for line in (inside, failed):
        assert (line["task_id"], line["task"], line["door"]) == (sent.id, "tests.fail", "worker")
        assert line["schema"] == fresh_hospital.schema_name
    assert inside["hospital"] == fresh_hospital.subdomain
    assert failed["failure"] == "ValueError"
    assert failed["at"].split(" > ")[-1].startswith("tests.observing.failing_worker:")
    assert failed["dropped"] == ["error", "exception"]
    assert not [word for word in CANARIES if word in "".join(raw)]
