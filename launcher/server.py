"""One embedded server: a foreground child of ours on a free port of the loopback interface."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from launcher import processes
from launcher.errors import LauncherError

_START_PATIENCE = 60  # seconds; recovery after a crash can take a while
_STOP_PATIENCE = 20  # seconds
_TRIES = 6
# What passes by itself: a port that was taken after we looked, backends that outlive a killed server.
_PASSING = ("Address already in use", "shared memory block", "lock file")


@dataclass(frozen=True)
class Server:
    """A server that was started; whether it answers yet is another question."""

    name: str
    process: subprocess.Popen[bytes]
    url: str
    log: Path
    stop_signal: signal.Signals
    is_ready: Callable[[], bool]

    def is_running(self) -> bool:
        """Whether its process lives."""
        return self.process.poll() is None

    def answers(self) -> bool:
        """Wait until it answers; False if it died or took too long."""
        processes.wait_until(lambda: not self.is_running() or self.is_ready(), _START_PATIENCE)
        return self.is_running() and self.is_ready()

    def stop(self) -> None:
        """Stop it in order; by force if it does not."""
        processes.stop(self.process, self.stop_signal, _STOP_PATIENCE)

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-2000:].strip()


def open_log(path: Path) -> IO[bytes]:
    """A new log, for its owner alone: a server repeats in it what it was asked."""
    return open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600))


def free_port() -> int:
    """A port of the loopback interface that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(launch: Callable[[int], Server], started: Callable[[Server], None]) -> Server:
    """Launch a server on a free port and wait until it answers; once more if what failed passes by itself.

    ``started`` hears of each process at once. Raises `LauncherError` with the last line of the log.
    """
    for _ in range(_TRIES):
        server = launch(free_port())
        try:
            started(server)
            if server.answers():
                return server
        except BaseException:
            server.stop()
            raise
        server.stop()
        if not any(text in server.last_words() for text in _PASSING):
            break
        time.sleep(0.5)
    last = server.last_words().splitlines() or ["it said nothing"]
    raise LauncherError(f"{server.name} did not start: {last[-1]} (its log: {server.log})")
