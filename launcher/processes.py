"""Processes: started on a leash, told apart from strangers, stopped politely and then for good."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SET_PARENT_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG
_TICK = 0.02  # seconds


@dataclass(frozen=True)
class Account:
    """Who a process runs as; no ids means: as we do."""

    uid: int | None = None
    gid: int | None = None

    @property
    def is_ours(self) -> bool:
        """Whether it is the account that we run as ourselves."""
        return self.uid is None


OURSELVES = Account()


def die_with_parent(number: signal.Signals) -> None:
    """Have the kernel send us ``number`` when our parent dies, however it dies. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, int(number), 0, 0, 0)


def leash(number: signal.Signals) -> Callable[[], None]:
    """A ``preexec_fn`` by which the child gets ``number`` when we die, even by kill -9."""
    parent = os.getpid()

    def attach() -> None:
        die_with_parent(number)
        # We may have died between the fork and the call above: nobody would ever tell the child.
        if os.getppid() != parent:
            os._exit(1)

    return attach


def spawn(
    command: Sequence[str | Path],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    account: Account = OURSELVES,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, on a leash; ``options`` are those of `subprocess.Popen`.

    Ctrl-C reaches the terminal's whole foreground group: in its own session, a server hears of it from us
    alone, and so stops after those who use it.
    """
    return subprocess.Popen(
        [str(word) for word in command],
        start_new_session=True,
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.is_ours else [],
        preexec_fn=leash(stop_signal),  # noqa: PLW1509  -- the launcher has one thread when it starts things
        **{"stdin": subprocess.DEVNULL, **options},
    )


def birth(pid: int) -> str | None:
    """A mark of when a process was born, or None if it does not live: numbers are given out again.

    A zombie does not live: it holds nothing any more.
    """
    if Path("/proc/self/stat").exists():
        try:
            # The name in parentheses may hold anything; the start time is field 22 of proc(5).
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return listed.stdout.strip() or None


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether ``condition`` came true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_TICK)
    return True


def stop(process: subprocess.Popen[bytes], number: signal.Signals, patience: float) -> None:
    """Ask our own child to stop; after ``patience`` seconds, make it."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):  # it may be in our own group, and lead none
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def stop_stranger(pid: int, born: str, number: signal.Signals, patience: float) -> bool:
    """Stop a process that is not our child, if it still is the one that was ``born`` then. Whether it was."""
    if birth(pid) != born:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
    if not wait_until(lambda: birth(pid) != born, patience):
        with contextlib.suppress(ProcessLookupError):
            # Each of them leads a group of its own, so that this takes its children along.
            os.killpg(pid, signal.SIGKILL)
        wait_until(lambda: birth(pid) != born, patience)
    return True


def run_step(command: Sequence[str | Path], **options: Any) -> tuple[int, str]:
    """Run a command to its end; its exit code and what it wrote to stdout.

    It too has its own session: hit by Ctrl-C, a Python program would print a traceback.
    """
    with spawn(command, stdout=subprocess.PIPE, **options) as process:
        try:
            output, _ = process.communicate()
        finally:
            stop(process, signal.SIGTERM, patience=5)
    return process.returncode, output.decode(errors="replace")


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let nothing interrupt the stopping: an impatient second Ctrl-C would leave processes behind."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt_on_terminate() -> None:
    """Let SIGTERM and a closed terminal take the way of Ctrl-C; stop, too, if our `make` is killed."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    # SIGINT too: a shell starts what it puts into the background with SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    # Of `make` alone: somebody who starts the launcher from a shell of his own may well close that shell.
    if os.environ.pop("MAKELEVEL", None):
        die_with_parent(signal.SIGTERM)
