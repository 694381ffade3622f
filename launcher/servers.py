"""Both servers together: those that the environment names, and embedded ones for those that it does not."""

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher import postgres, processes, server, valkey
from launcher.addresses import Addresses
from launcher.server import Server
from launcher.state import Journal


@dataclass(frozen=True)
class Profile:
    """What the servers are for."""

    postgres: Mapping[str, str]
    valkey: Sequence[str]


# synchronous_commit stays on: without it a killed server loses what was committed last.
DEVELOPMENT = Profile(
    postgres={"max_connections": "200", "shared_buffers": "256MB", "max_locks_per_transaction": "256"},
    valkey=["appendonly yes"],
)
# Nobody needs the data after the command, so that nothing waits for the disk.
THROWAWAY = Profile(
    postgres={
        "max_connections": "300",
        "shared_buffers": "256MB",
        "max_locks_per_transaction": "512",
        "fsync": "off",
        "full_page_writes": "off",
    },
    valkey=["appendonly no", 'save ""'],
)


@dataclass(frozen=True)
class Running:
    """The servers in use, and those of them that are ours."""

    addresses: Addresses
    embedded: Sequence[Server]

    def dead(self) -> Server | None:
        """An embedded server that has ended without being asked to."""
        return next((one for one in self.embedded if not one.is_running()), None)


@contextlib.contextmanager
def running(home: Path, profile: Profile, given: Addresses, journal: Journal) -> Iterator[Running]:
    """Have both servers running: what ``given`` leaves open is started here and stopped at the end.

    Raises `LauncherError` if one cannot be started.
    """
    embedded: list[Server] = []

    def started(one: Server) -> None:
        journal.add(one.name, one.process.pid, one.stop_signal)
        embedded.append(one)

    try:
        database_url, redis_url = given.database_url, given.redis_url
        if not database_url:
            launch = functools.partial(postgres.launch, home, profile.postgres)
            database_url = server.start(launch, started).url
            postgres.ensure_database(database_url)
        if not redis_url:
            launch = functools.partial(valkey.launch, home, profile.valkey)
            redis_url = server.start(launch, started).url
        journal.publish(database_url, redis_url)
        alive = [one for one in embedded if one.is_running()]
        yield Running(Addresses(database_url, redis_url), alive)
    finally:
        with processes.undisturbed():
            for one in reversed(embedded):
                one.stop()
