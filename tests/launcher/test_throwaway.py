import os
import signal
import sys
from pathlib import Path

import psycopg
import pytest

from launcher import homes, processes, state, throwaway
from tests.launcher.driving import KERNEL_TELLS_CHILDREN, UNLEASH, all_gone, launch, run_launcher

TELL_AND_WAIT = "echo $DATABASE_URL; exec sleep 8"


def home_of(database_url: str) -> tuple[Path, list[state.Child]]:
    """The folder of the throwaway servers that this URL leads to, and their processes."""
    for home in homes.throwaway_homes():
        found = state.read(home)
        if found is not None and found.database_url == database_url:
            return home, found.children
    raise AssertionError(database_url)


def is_swept(home: Path) -> bool:
    """Whether the folder goes: a launcher that somebody starts meanwhile may be the one that sweeps it."""
    return processes.wait_until(lambda: not home.exists(), seconds=15)


def refuses_connections(database_url: str) -> bool:
    try:
        psycopg.connect(database_url).close()
    except psycopg.OperationalError:
        return True
    return False


@pytest.fixture
def given() -> dict[str, str]:
    """Servers that are there already: those of the test run."""
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}


def test_a_command_has_servers_of_its_own_which_are_gone_afterwards(project: Path):
    # Tests shall not run on the database that somebody keeps there.
    (project / ".env").write_text("DATABASE_URL=postgresql://me:secret@127.0.0.1:1/precious\n")
    code = """
import os, psycopg, redis
connection = psycopg.connect(os.environ["DATABASE_URL"])
settings = "select current_setting('fsync'), current_setting('max_locks_per_transaction')"
print(os.environ["DATABASE_URL"], *connection.execute(settings).fetchone())
print(redis.Redis.from_url(os.environ["REDIS_URL"]).ping())
"""
    done = run_launcher(project, "exec", "--", sys.executable, "-c", code)
    first, answer = done.stdout.splitlines()
    url, fsync, locks = first.split()
    assert (answer, fsync, locks) == ("True", "off", "512")
    assert refuses_connections(url)
    assert url not in {found.database_url for home in homes.throwaway_homes() if (found := state.read(home))}


def test_given_servers_are_used_and_none_is_started(project: Path, given: dict[str, str]):
    done = run_launcher(project, "exec", "--", "sh", "-c", "echo $DATABASE_URL $REDIS_URL", **given)
    assert done.stdout.split() == list(given.values())


@pytest.mark.parametrize(("command", "code"), [("exit 7", 7), ("true", 0), ("kill -9 $$", 137)])
def test_the_exit_code_is_the_command_s(project: Path, given: dict[str, str], command: str, code: int):
    assert run_launcher(project, "exec", "--", "sh", "-c", command, **given).returncode == code


def test_a_command_that_is_not_there_is_one_line(project: Path, given: dict[str, str]):
    refused = run_launcher(project, "exec", "--", "no-such-command", **given)
    assert refused.returncode == 1
    assert refused.stderr == "no-such-command cannot be run: No such file or directory.\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_lets_the_command_end_first(project: Path, number: signal.Signals):
    code = f"""
import os, signal, sys, time
def leave(number, frame):
    import psycopg
    psycopg.connect(os.environ["DATABASE_URL"]).close()
    sys.exit(5)
signal.signal({int(number)}, leave)
print("URL", os.environ["DATABASE_URL"], flush=True)
time.sleep(30)
"""
    with launch(project, "exec", "--", sys.executable, "-c", code) as launched:
        launched.wait_for("/nadmor\n")
        url = launched.output().split()[1]
        home, children = home_of(url)
        launched.process.send_signal(number)
        assert launched.process.wait(30) == 5
    assert all(processes.birth(child.pid) is None for child in children)
    assert not home.exists()


def test_killed_it_takes_the_servers_along_and_the_next_one_clears_up(project: Path):
    with launch(project, "exec", "--", "sh", "-c", TELL_AND_WAIT) as launched:
        launched.wait_for("/nadmor\n")
        home, children = home_of(launched.output().strip())
        launched.process.kill()
        assert all_gone(children) or not KERNEL_TELLS_CHILDREN
    throwaway.sweep()
    assert is_swept(home)


def test_killed_without_a_leash_its_orphans_are_stopped_by_the_next_one(project: Path):
    with launch(project, "exec", "--", "sh", "-c", TELL_AND_WAIT, code=UNLEASH) as launched:
        launched.wait_for("/nadmor\n")
        home, orphans = home_of(launched.output().strip())
        launched.process.kill()
        launched.process.wait()
    assert [child.name for child in orphans if processes.birth(child.pid)] == ["PostgreSQL", "Valkey"]
    throwaway.sweep()
    assert is_swept(home)
    assert all(processes.birth(child.pid) != child.born for child in orphans)
