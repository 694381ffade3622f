"""The processes of the Procfile, run together by honcho and stopped together by us."""

import contextlib
import functools
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer
from honcho.process import Popen, Process

from launcher import processes
from launcher.errors import LauncherError

_KILL_AFTER = 12  # seconds after asking; a web process lets requests end that are under way
_TOLD_TO_STOP = {130, 143}  # honcho's codes for SIGINT and SIGTERM
_NEEDS_SHELL = re.compile(r"[;&|<>(){}`\n]|^exec\b")


class _TolerantPrinter(Printer):  # type: ignore[misc]  # honcho is untyped
    """Goes on when the terminal is gone: an error here would break off the stopping."""

    def write(self, message: object) -> None:
        with contextlib.suppress(OSError):
            super().write(message)


class _LeashedProcess(Process):  # type: ignore[misc]  # honcho is untyped
    """Honcho reads each process's output in a child of ours, which has the process as its own child.

    Both are leashed: if we are killed the reader dies, and so the process is asked to stop.
    """

    def run(self, *arguments: Any, **options: Any) -> None:
        processes.die_with_parent(signal.SIGKILL)
        self._child_ctor = functools.partial(Popen, preexec_fn=processes.leash(signal.SIGTERM))
        super().run(*arguments, **options)


class Supervisor(Manager):  # type: ignore[misc]  # honcho is untyped
    """Honcho's manager, made safe against being stopped at a bad moment."""

    def __init__(self, watch: Callable[["Supervisor"], None]) -> None:
        super().__init__(_TolerantPrinter(sys.stdout))
        self._process_ctor = _LeashedProcess
        self.returncode: int | None = None
        self._watch = watch
        self._stop_asked = False

    def pids(self) -> dict[str, int]:
        """The process numbers by name, once every process was started; until then nothing."""
        known = {name: process.get("pid") for name, process in self._processes.items()}
        return known if all(known.values()) else {}

    def is_stopping(self) -> bool:
        """Whether the processes have been asked to stop."""
        return bool(self._terminating)

    def terminate(self) -> None:
        """Ask every process to stop, as soon as all have a number to be asked by."""
        self._stop_asked = True
        if self.pids() and not self._terminating:
            super().terminate()
            killer = threading.Timer(_KILL_AFTER, self.kill)
            killer.daemon = True
            killer.start()

    def give_up(self) -> None:
        """Stop everything for a reason of our own, and remember that nobody asked for it."""
        self.returncode = self.returncode or 1
        self.terminate()

    def was_asked_to_stop(self) -> bool:
        """Whether we were told to stop, rather than that a process ended by itself."""
        return self.returncode in _TOLD_TO_STOP

    def _start(self) -> None:
        super()._start()
        # Only now: honcho forks, and a lock that a thread holds at that moment stays locked in the child.
        threading.Thread(target=self._look_after, daemon=True).start()

    def _look_after(self) -> None:
        processes.wait_until(lambda: bool(self.pids()), seconds=60)
        if self._stop_asked:
            self.terminate()
        else:
            self._watch(self)


def load(path: Path) -> dict[str, str]:
    """The commands of a Procfile by name. Raises `LauncherError` if it has none."""
    try:
        commands: dict[str, str] = dict(parse_procfile(path.read_text()).processes)
    except (OSError, AssertionError) as error:
        raise LauncherError(f"{path.name} cannot be read: {error}") from error
    if not commands:
        raise LauncherError(f"{path.name} names no process.")
    return commands


def without_shell(command: str) -> str:
    """The line by which a shell becomes the command.

    A shell in between dies of a signal and leaves the command behind. `env`, because `exec` takes no
    assignments in front. A line that needs a shell to the end keeps it.
    """
    return command if _NEEDS_SHELL.search(command) else f"exec env {command}"


def run_together(
    commands: Mapping[str, str],
    environment: Mapping[str, str],
    cwd: Path,
    watch: Callable[[Supervisor], None],
) -> int:
    """Run commands until one ends or we are told to stop; 0 if we were told, else the first one's code.

    ``watch`` is called in a thread of its own once all have been started.
    """
    supervisor = Supervisor(watch)
    for name, command in commands.items():
        supervisor.add_process(name, without_shell(command), env=dict(environment), cwd=str(cwd))
    # A closed terminal is one more way of being told to stop; honcho handles the other two.
    signal.signal(signal.SIGHUP, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))
    try:
        supervisor.loop()
    finally:
        if supervisor.pids():
            supervisor.kill()
    if supervisor.was_asked_to_stop():
        return 0
    code = supervisor.returncode or 1
    return code if code > 0 else 128 - code  # as a shell tells that a signal ended it
