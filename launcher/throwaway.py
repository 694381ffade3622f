"""`python -m launcher exec -- CMD …`: a command with servers of its own, which are gone when it ends."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from launcher import addresses, homes, processes, servers, state
from launcher.errors import LauncherError
from launcher.servers import THROWAWAY
from launcher.state import Journal

_PATIENCE = 20  # seconds between asking the command to end and making it
_IN_USE = "Process {pid} uses this folder."


@contextlib.contextmanager
def throwaway_servers() -> Iterator[dict[str, str]]:
    """The environment for a command: DATABASE_URL and REDIS_URL as given, or of new servers on free ports.

    Only the environment counts, never `.env`: tests shall not run on the database that somebody keeps there.
    """
    given = addresses.given(os.environ)
    if given.database_url and given.redis_url:
        yield addresses.child_environment(given)
        return
    sweep()
    home = homes.throwaway_home()
    try:
        with state.hold(home, otherwise=_IN_USE), contextlib.ExitStack() as stack:
            running = stack.enter_context(servers.running(home, THROWAWAY, given, Journal(home)))
            yield addresses.child_environment(running.addresses)
    finally:
        with processes.undisturbed():
            shutil.rmtree(home, ignore_errors=True)


def sweep() -> None:
    """Remove what earlier launchers left that were killed: their servers and their folders."""
    for home in homes.throwaway_homes():
        # Without a journal its launcher is only just making it; while the lock is held, it lives.
        if state.read(home) is not None and not state.is_held(home):
            # Somebody else may be sweeping it at this very moment: then it is in good hands.
            with contextlib.suppress(LauncherError), state.hold(home, otherwise=_IN_USE):
                state.stop_leftovers(home)
                shutil.rmtree(home, ignore_errors=True)


def execute(command: Sequence[str]) -> int:
    """Run a command with throwaway servers; its exit code (128 + n if signal n ended it)."""
    with throwaway_servers() as environment:
        return run_in_foreground(command, environment).code


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    was_interrupted: bool


def run_in_foreground(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path | None = None
) -> Ended:
    """Run a command that may talk to the terminal, and end when it ends."""
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=cwd,
            preexec_fn=processes.leash(signal.SIGTERM),  # noqa: PLW1509  -- one thread
        )
    except OSError as error:
        raise LauncherError(f"{command[0]} cannot be run: {error.strerror}.") from error
    try:
        with _signals_passed_on(process) as received:
            code = process.wait()
    finally:
        processes.stop(process, signal.SIGTERM, _PATIENCE)
    return Ended(code if code >= 0 else 128 - code, bool(received))


@contextlib.contextmanager
def _signals_passed_on(process: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Leave it to the command how to end: its servers stay until it has ended. The signals that came."""
    received: list[int] = []

    def pass_on(number: int, _frame: object) -> None:
        received.append(number)
        # Ctrl-C at the terminal has reached the command already: twice would cut its own cleaning up short.
        if number != signal.SIGINT or not _in_foreground():
            process.send_signal(number)
        if number != signal.SIGINT:
            signal.alarm(_PATIENCE)

    def make_end(_number: int, _frame: object) -> None:
        process.kill()

    handlers = dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), pass_on)
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    signal.signal(signal.SIGALRM, make_end)
    try:
        yield received
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    """Whether the terminal's Ctrl-C goes to our process group, and so to the command as well."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
