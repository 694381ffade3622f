"""What a Sentry server gets, read off the wire by one on loopback; and what happens when it is away."""

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.docs.guides import ROOT
from tests.observing.canary import CANARIES, EMAIL, NAME, NOTE, PHONE

# A process of its own: the SDK patches Django for good.
FAILING = f"""
import logging, sys, os
import django
django.setup()
from django.http import HttpResponse
from django.test import Client
from django.urls import path

def boom(request, who):
    note, body = {NOTE!r}, request.body
    try:
        int(who)
    except ValueError as error:
        raise RuntimeError(f"{{who}} {{note}} {{body!r}} {{request.get_full_path()}}") from error

urlpatterns = [path("boom/<str:who>", boom)]
sys.modules["failing"] = sys.modules["__main__"]
from django.conf import settings
settings.ROOT_URLCONF = settings.PUBLIC_SCHEMA_URLCONF = "failing"
logging.getLogger("tests").warning("before %s", {NAME!r})
client = Client(raise_request_exception=False, headers={{"host": "localhost", "X-Patient": {NAME!r}}})
client.cookies["name"] = {NAME!r}
answer = client.post("/boom/{NAME}?phone={PHONE}", {{"note": {NOTE!r}, "email": {EMAIL!r}}})
assert answer.status_code == 500, answer
logging.getLogger("jobs.worker").error("job %s of kind %s failed: %s", 5, "event", {NAME!r})
"""


class Ingest:
    """A Sentry server: takes envelopes and keeps them."""

    def __init__(self) -> None:
        self.raw: list[str] = []
        raw = self.raw

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                raw.append(f"{body.decode().rstrip()}\n{self.path}\n{self.headers}")
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.dsn = f"http://public@127.0.0.1:{self.server.server_port}/1"

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of all envelopes: the third line of each (header, item header, item)."""
        items = [one.splitlines()[1:3] for one in self.raw]
        return [json.loads(item) for header, item in items if json.loads(header)["type"] == "event"]


@pytest.fixture
def ingest() -> Iterator[Ingest]:
    ingest = Ingest()
    thread = Thread(target=ingest.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield ingest
    ingest.server.shutdown()
    ingest.server.server_close()
    thread.join(5)


def run(dsn: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "SENTRY_DSN": dsn, "SENTRY_RELEASE": "nadmor@1", "SENTRY_ENVIRONMENT": "tests"}
    return subprocess.run(
        [sys.executable, "-c", FAILING],
        cwd=ROOT,
        env=env,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_error_is_reported_by_class_place_and_tags_alone(ingest):
    done = run(ingest.dsn)

    assert done.returncode == 0, done.stderr
    failed, told = ingest.events
    assert [one["type"] for one in failed["exception"]["values"]] == ["ValueError", "RuntimeError"]
    assert failed["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "boom"
    assert set(failed["tags"]) == {"request_id", "door"}
    assert (failed["release"], failed["environment"], failed["level"]) == ("nadmor@1", "tests", "error")
    assert told["logentry"] == {"message": "job %s of kind %s failed: %s"}
    assert (told["logger"], told["level"]) == ("jobs.worker", "error")


def test_nobody_is_in_a_report_and_nothing_of_the_request(ingest):
    run(ingest.dsn)

    assert len(ingest.raw) == 2
    for envelope in ingest.raw:
        assert not [word for word in CANARIES if word in envelope]
    for event in ingest.events:
        assert not event.keys() & {
            "request", "breadcrumbs", "contexts", "extra", "transaction", "modules", "server_name", "user",
            "threads", "message",
        }  # fmt: skip
    for one in ingest.events[0]["exception"]["values"]:
        assert set(one) == {"type", "module", "stacktrace"}
        for frame in one["stacktrace"]["frames"]:
            assert set(frame) <= {"module", "function", "lineno", "filename", "in_app"}


@pytest.mark.parametrize("kind", ["nobody", "silence"])
def test_a_sentry_that_is_away_or_hangs_holds_up_no_exit(kind, request):
    port = request.getfixturevalue(kind)
    started = time.monotonic()
    done = run(f"http://public@127.0.0.1:{port}/1")

    assert done.returncode == 0, done.stderr
    # Two seconds of farewell, and the start of Python and Django.
    assert time.monotonic() - started < 20
