"""The program in docs/streaming.md, as it stands there."""

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.guides import ROOT, blocks
from tests.mcp_integration.streams.conftest import happen
from tests.support.streaming import Reader, served, wait_until

GUIDE = (ROOT / "docs/streaming.md").read_text()


def test_the_program_in_the_guide_hears_of_everything_through_a_restart_of_the_server(
    fresh_hospital, key, tmp_path: Path
):
    heard = tmp_path / "heard"
    with served() as server:
        process = _started(server.url, key, heard)
        first = _until_heard(heard)
    try:
        missed = happen()
        with served(at=int(server.url.rpartition(":")[2])):
            wait_until(lambda: missed.subject_id in heard.read_text(), seconds=60)
    finally:
        process.kill()
        process.wait(20)

    lines = heard.read_text().split()
    assert lines.count(missed.subject_id) == lines.count(first.subject_id) == 1


def _started(url: str, key: str, heard: Path):
    [program] = [found[2] for found in blocks(GUIDE, "python")]
    env = {**os.environ, "NADMOR_URL": url, "NADMOR_KEY": key}
    with heard.open("w") as out:
        return subprocess.Popen([sys.executable, "-c", program], stdout=out, env=env)


def _until_heard(heard: Path):
    """Let things happen until the program has its place; return the last of them."""
    events = []

    def is_heard() -> bool:
        events.append(happen())
        return any(event.subject_id in heard.read_text() for event in events)

    wait_until(is_heard, seconds=60)
    return next(event for event in events if event.subject_id in heard.read_text())


def test_the_guide_names_every_message_and_every_end(reader: Reader):
    with reader.open() as messages:
        assert next(messages).event == "heartbeat"
    for name in (
        "heartbeat", "resource_update", "appointment_created", "patient_registered", "tool_response",
        "auth_refresh", "error_event", "cursor_unknown", "reader_too_slow", "server_restarts",
        "rights_changed", "cannot_be_checked", "hospital_inactive", "wrong_key", "wrong_token",
        "result_too_large",
    ):  # fmt: skip
        assert f"`{name}`" in GUIDE
