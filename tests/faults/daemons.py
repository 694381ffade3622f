"""Processes that can be killed, frozen and started anew, each leading a group of its own.

Start them from the main thread alone: the leash of `launcher.processes` belongs to the thread that started.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from launcher import homes, postgres, processes, valkey
from launcher.paths import PROJECT
from launcher.server import Server
from launcher.servers import DEVELOPMENT
from launcher.state import Journal

_PATIENCE = 30  # seconds


class Daemon:
    """One process of the platform with its children."""

    name = "?"
    process: "subprocess.Popen[bytes] | None" = None

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start the process."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it is ready."""
        return self.is_running()

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.process = self.launch()
        self._journal.add(self.name, self.process.pid)
        processes.wait_until(lambda: self.answers() or not self.is_running(), _PATIENCE)
        assert self.answers(), f"{self.name} did not start"

    def is_running(self) -> bool:
        """Whether it lives."""
        return self.process is not None and self.process.poll() is None

    def family(self) -> list[psutil.Process]:
        """The process and all that it has started."""
        assert self.process is not None
        with suppress(psutil.NoSuchProcess):
            head = psutil.Process(self.process.pid)
            return [head, *head.children(recursive=True)]
        return []

    def children(self) -> list[psutil.Process]:
        """What the process has started."""
        return self.family()[1:]

    def kill(self) -> None:
        """`kill -9` the process and all that it has started."""
        self.thaw()
        for one in self.family():
            with suppress(psutil.NoSuchProcess):
                one.kill()
        if self.process is not None:
            self.process.wait(_PATIENCE)

    def freeze(self) -> None:
        """`kill -STOP` all of it: its sockets stay open, and nothing is answered."""
        for one in self.family():
            one.suspend()

    def thaw(self) -> None:
        """Let it go on."""
        for one in self.family() if self.is_running() else []:
            with suppress(psutil.NoSuchProcess):
                one.resume()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Frozen for a while."""
        self.freeze()
        try:
            yield
        finally:
            self.thaw()

    def stop(self) -> None:
        """Stop it in order, by force if it does not."""
        if self.process is not None:
            self.thaw()
            family = self.family()
            processes.stop(self.process, self.stop_signal, _PATIENCE)
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()

    stop_signal = signal.SIGTERM


class Program(Daemon):
    """A process of the Procfile; what it says goes to a log that grows over all its lives."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        journal: Journal,
        ready: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(journal)
        self.name, self.command, self.environment = name, list(command), dict(environment)
        self.log = journal.directory / f"{name}.log"
        self._ready = ready

    def launch(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as output:
            return processes.spawn(
                self.command, cwd=PROJECT, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )

    def answers(self) -> bool:
        return self.is_running() and (self._ready is None or self._ready())


class Postgres(Daemon):
    """PostgreSQL with a cluster that outlives its process, always at one port."""

    name, stop_signal = "PostgreSQL", signal.SIGINT

    def __init__(self, home: Path, port: int, journal: Journal) -> None:
        super().__init__(journal)
        self._home, self._port, self._lives = home, port, 0
        self.server: Server | None = None

    @property
    def url(self) -> str:
        """Where the database is."""
        assert self.server is not None
        return self.server.url

    def launch(self) -> "subprocess.Popen[bytes]":
        # The launcher begins a new log each time.
        log = self._home / "postgres.log"
        if log.exists():
            log.rename(self._home / f"postgres-{self._lives}.log")
        self._lives += 1
        # As in development, so with fsync: what is committed has to outlive the process.
        self.server = postgres.launch(self._home, DEVELOPMENT.postgres, self._port)
        return self.server.process

    def answers(self) -> bool:
        return self.server is not None and self.is_running() and self.server.is_ready()

    def restart_at_once(self) -> None:
        """`pg_ctl restart -m immediate`: every connection is cut, and the start recovers from the log."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(_PATIENCE)
        self.start()


class Redis(Daemon):
    """Valkey that keeps nothing on disk: killed, it is empty. Always at one port with one password."""

    name = "Valkey"

    def __init__(self, home: Path, port: int, journal: Journal) -> None:
        super().__init__(journal)
        self._home, self._port = home, port
        self.url = f"redis://:only-for-this-run@127.0.0.1:{port}/0"

    def launch(self) -> "subprocess.Popen[bytes]":
        configuration = self._home / "valkey.conf"
        configuration.write_text(
            valkey._configuration("only-for-this-run", self._port, ["appendonly no", 'save ""'])
        )
        with (self._home / "valkey.log").open("ab") as output:
            return processes.spawn(
                [homes.valkey_binary(), configuration],
                cwd=self._home,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def answers(self) -> bool:
        return self.is_running() and valkey._is_ready(self.url)


def owner_of_connection(family: Sequence[psutil.Process], local_port: int) -> psutil.Process | None:
    """The process whose end of a loopback connection has that port."""
    for one in family:
        with suppress(psutil.NoSuchProcess):
            if any(wire.laddr and wire.laddr.port == local_port for wire in one.net_connections("tcp")):
                return one
    return None


def kill(process: psutil.Process) -> None:
    """`kill -9` one process."""
    os.kill(process.pid, signal.SIGKILL)
