"""Processes that count together: the limit is exact, not roughly kept."""

import subprocess
import sys
from pathlib import Path
from secrets import token_hex

ROOT = Path(__file__).resolve().parents[2]
CALLS, THREADS, PROCESSES, LIMIT = 2000, 32, 4, 100


def test_of_2000_calls_by_32_threads_of_4_processes_at_a_limit_of_100_exactly_100_pass():
    asked = [f"key:{token_hex(5)}", str(LIMIT), str(CALLS // PROCESSES), str(THREADS // PROCESSES)]
    command = [sys.executable, "-m", "tests.apikeys.crowd", *asked]
    crowd = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    try:
        # All of them have started before the first one asks.
        assert [process.stdout.readline() for process in crowd] == ["ready\n"] * PROCESSES
        for process in crowd:
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60)[0].split() for process in crowd]
    finally:
        for process in crowd:
            process.kill()
            process.communicate()

    assert sum(int(allowed) for allowed, _, _ in said) == LIMIT
    assert sum(int(refused) for _, refused, _ in said) == CALLS - LIMIT
    assert {alone for _, _, alone in said} == {"False"}
