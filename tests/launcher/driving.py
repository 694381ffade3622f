"""Driving the launcher from outside, the way a terminal does."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher import processes, state

PATIENCE = 30  # seconds; a machine that tests something else at the same time is slow
# prctl(2), PR_SET_PDEATHSIG: elsewhere a killed parent is not noticed before the next start.
KERNEL_TELLS_CHILDREN = sys.platform == "linux"
# Code by which a launcher's children are not told, as on other systems.
UNLEASH = "from launcher import processes; processes.die_with_parent = lambda number: None"
_FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "PORT",
    "MCP_",
    "TELEGRAM_",
    "DJANGO_SETTINGS_MODULE",
    "MAKE",
    "COV_",
    "PYTEST_",
)


def environment(**more: str) -> dict[str, str]:
    """Ours without what `make test` has put into it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {**inherited, **more}


def run_launcher(project: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher of a project to its end."""
    return subprocess.run(
        [sys.executable, "-m", "launcher", *words],
        cwd=project,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def manage(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a project's `manage.py` to its end, in a terminal where nothing is set."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def unused_port() -> int:
    """A port that nobody listens on, below those that the system gives to outgoing connections.

    Above, a connection of some other test could take it before the launcher does.
    """
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            number = random.randrange(20000, 30000)
            probe.bind(("127.0.0.1", number))
            return number


@dataclass
class Launched:
    """A launcher that runs, in a process group of its own as a terminal would give it."""

    process: subprocess.Popen[bytes]
    project: Path
    log: Path

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str) -> None:
        """Wait until it says so."""
        came = processes.wait_until(
            lambda: text in self.output() or self.process.poll() is not None, PATIENCE
        )
        assert came, self.output()
        assert text in self.output(), self.output()

    def children(self) -> list[state.Child]:
        """What it has written down of its children."""
        found = state.read(self.project / ".nadmor")
        assert found is not None
        return found.children

    def press_ctrl_c(self) -> int:
        """What the terminal does: the whole foreground group hears of it. The exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def launch(project: Path, *words: str, code: str = "", **more: str) -> Iterator[Launched]:
    """Start the launcher of a project, with ``code`` run before it if there is some."""
    log = project / f"output-{len(list(project.glob('output-*')))}"
    program = f"{code}\nfrom launcher.__main__ import main\nimport sys\nsys.exit(main(sys.argv[1:]))"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *words],
            cwd=project,
            env=environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Launched(process, project, log)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)


def all_gone(children: list[state.Child]) -> bool:
    """Whether every one of these processes ends within a few seconds."""
    return processes.wait_until(lambda: all(processes.birth(one.pid) != one.born for one in children), 15)
