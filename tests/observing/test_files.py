"""A log file that several processes write and rotate loses no line."""

import json
import logging
import subprocess
import sys

from observing.files import SharedFileHandler
from tests.docs.guides import ROOT

PROCESSES, LINES = 4, 400
WRITER = """
import logging.config, sys
from observing.logs import log_configuration
who, file = sys.argv[1:]
configuration = log_configuration(style="json", level="INFO", file=file, megabytes=1, files=40)
configuration["handlers"]["file"]["maxBytes"] = 20_000
configuration["root"]["handlers"] = ["file"]
logging.config.dictConfig(configuration)
for number in range({lines}):
    logging.getLogger("tests").info("line %d of %d", number, int(who))
"""


def test_several_processes_rotate_one_file_and_lose_no_line(tmp_path):
    file = tmp_path / "nadmor.log"
    command = [sys.executable, "-c", WRITER.format(lines=LINES)]
    writers = [
        subprocess.Popen([*command, str(who), str(file)], cwd=ROOT, env={"PATH": ""})
        for who in range(PROCESSES)
    ]

    assert [writer.wait(60) for writer in writers] == [0] * PROCESSES
    files = [path for path in tmp_path.iterdir() if path.suffix != ".lock"]
    lines = [json.loads(line)["event"] for path in files for line in path.read_text().splitlines()]
    assert len(files) > 3
    assert max(path.stat().st_size for path in files) <= 20_000
    assert sorted(lines) == sorted(
        f"line {number} of {who}" for number in range(LINES) for who in range(PROCESSES)
    )


def test_a_file_that_somebody_moved_is_made_anew(tmp_path):
    file = tmp_path / "nadmor.log"
    handler = SharedFileHandler(file, maxBytes=10_000, backupCount=1)
    record = logging.makeLogRecord({"msg": "one"})
    handler.emit(record)
    file.rename(tmp_path / "moved")
    handler.emit(record)
    handler.close()

    assert file.read_text() == (tmp_path / "moved").read_text() == "one\n"
