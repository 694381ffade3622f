"""What a running launcher leaves for others to find: `servers.json`, beside a lock that dies with it."""

import contextlib
import fcntl
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import environ

from launcher import processes, telegram
from launcher.errors import LauncherError
from launcher.paths import DOTENV, STATE

_FILE = "servers.json"
_LOCK = "lock"
# They look at the code alone; the settings want a URL all the same.
_WITHOUT_DATABASE = {"help", "version", "compilemessages", "makemessages", "collectstatic", "spectacular"}
_HELP = {"-h", "--help", "--version"}
_PLACEHOLDERS = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}


@dataclass(frozen=True)
class Child:
    """A process of the launcher, so that it can be found again if the launcher was killed."""

    name: str
    pid: int
    born: str
    stop_signal: int = int(signal.SIGTERM)


@dataclass
class State:
    """The content of `servers.json`. The URLs hold passwords: the file is for its owner's eyes."""

    launcher_pid: int
    port: int | None = None
    mcp_port: int | None = None
    # None where the bot has a token: it talks to the real one.
    telegram_port: int | None = None
    database_url: str = ""
    redis_url: str = ""
    children: list[Child] = field(default_factory=list)


def write(directory: Path, state: State) -> None:
    """Write the state so that a reader sees the old or the new one, never half of it; mode 0600."""
    handle, temporary = tempfile.mkstemp(dir=directory, prefix=".servers-")
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(state), file, indent=2)
    Path(temporary).replace(directory / _FILE)


def read(directory: Path) -> State | None:
    """The state that was written last; None if there is none, or none that can be read."""
    try:
        content = json.loads((directory / _FILE).read_text())
        children = [Child(**child) for child in content.pop("children")]
        return State(**content, children=children)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def remove(directory: Path) -> None:
    """Take the state away: nothing runs any more."""
    (directory / _FILE).unlink(missing_ok=True)


@contextlib.contextmanager
def hold(directory: Path, otherwise: str) -> Iterator[None]:
    """Be the only launcher in this directory; `LauncherError` with ``otherwise`` if there is one already.

    A lock of fcntl(2): the kernel lets go of it however we die, and children do not inherit it.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (directory / _LOCK).open("a")
    except OSError as error:
        raise LauncherError(
            f"{directory} cannot be used ({error.strerror}): did another user make it?"
        ) from error
    with lock:
        # A `manage.py` that looks whether we live holds it for an instant.
        if not processes.wait_until(lambda: _try_lock(lock.fileno()), seconds=0.3):
            running = read(directory)
            raise LauncherError(otherwise.format_map(_names(running)))
        yield


def _names(running: State | None) -> dict[str, object]:
    return {"pid": running.launcher_pid if running else "?", "port": running.port if running else "?"}


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_held(directory: Path) -> bool:
    """Whether a launcher lives in this directory."""
    try:
        with (directory / _LOCK).open("a") as lock:
            return not _try_lock(lock.fileno())
    except OSError:
        return False


def stop_leftovers(directory: Path) -> list[str]:
    """Stop what a launcher that was killed left behind, users before servers; the names of what still ran.

    Call it while holding the directory. A number that was given to another process since is left alone.
    """
    left = read(directory)
    children = reversed(left.children if left else [])
    stopped = [child.name for child in children if _stop(child)]
    remove(directory)
    return stopped


def _stop(child: Child) -> bool:
    return processes.stop_stranger(child.pid, child.born, signal.Signals(child.stop_signal), patience=10)


class Journal:
    """The state on its way: each change is on the disk before the next one happens."""

    def __init__(self, directory: Path, port: int | None = None) -> None:
        self.directory = directory
        self.state = State(launcher_pid=os.getpid(), port=port)
        write(directory, self.state)

    def add(self, name: str, pid: int, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        """Remember a child that was just started."""
        born = processes.birth(pid)
        if born is not None:
            self.state.children.append(Child(name, pid, born, int(stop_signal)))
            write(self.directory, self.state)

    def tell_ports(self, mcp_port: int, telegram_port: int | None) -> None:
        """Tell where the MCP server and the make-believe Telegram, if there is one, will listen."""
        self.state.mcp_port, self.state.telegram_port = mcp_port, telegram_port
        write(self.directory, self.state)

    def publish(self, database_url: str, redis_url: str) -> None:
        """Tell where the servers are, now that they answer."""
        self.state.database_url, self.state.redis_url = database_url, redis_url
        write(self.directory, self.state)


def needs_no_database(arguments: Sequence[str]) -> bool:
    """Whether this `manage.py` command looks at the code alone."""
    words = arguments[1:]
    return not words or words[0] in _WITHOUT_DATABASE or bool(_HELP & set(words))


def is_given(name: str) -> bool:
    """Whether a setting comes from the environment, itself or as the name of a file that holds it."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def find_servers(arguments: Sequence[str], directory: Path = STATE, dotenv: Path = DOTENV) -> None:
    """Point `manage.py` at the servers of `make run`, unless DATABASE_URL says where to go.

    Exits with status 1 and one line if there is neither, and the command needs one.
    """
    environ.Env.read_env(dotenv)
    found = read(directory) if is_held(directory) else None
    urls = {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url} if found else {}
    if not any(urls.values()) and needs_no_database(arguments):
        urls = _PLACEHOLDERS
    if is_given("MCP_DATABASE_URL"):
        urls.pop("DATABASE_URL", None)
    if found and found.mcp_port:
        urls["MCP_SERVER_PORT"] = str(found.mcp_port)
    if found and found.telegram_port and not is_given("TELEGRAM_BOT_TOKEN"):
        os.environ.update(telegram.environment(found.telegram_port))
    os.environ.update({name: url for name, url in urls.items() if url and not is_given(name)})
    if not (is_given("DATABASE_URL") or is_given("MCP_DATABASE_URL")):
        sys.exit(
            "NadMor is not running: start it with `make run` in another terminal, "
            "or set DATABASE_URL and REDIS_URL."
        )
