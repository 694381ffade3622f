import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launcher import processes, state
from launcher.errors import LauncherError
from launcher.state import Child, Journal, State
from telegram_integration.sandbox.tokens import TOKEN
from tests.launcher.driving import environment

STATE = State(
    launcher_pid=4711,
    port=8000,
    database_url="postgresql://nadmor:secret@127.0.0.1:5001/nadmor",
    redis_url="redis://:secret@127.0.0.1:5002/0",
    children=[Child("PostgreSQL", 4712, "99", int(signal.SIGINT))],
)
HOLD = """
import pathlib, sys, time
from launcher import state
with state.hold(pathlib.Path(sys.argv[1]), otherwise="held by {pid}"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A launcher that lives in ``tmp_path``."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of the launcher's business."""
    with subprocess.Popen(["/bin/sleep", "60"], start_new_session=True) as process:
        yield process
        process.kill()


def find_servers(tmp_path: Path, *words: str) -> None:
    state.find_servers(["manage.py", *words], directory=tmp_path, dotenv=tmp_path / ".env")


def test_what_is_written_is_read_again_and_only_its_owner_may(tmp_path: Path):
    state.write(tmp_path, STATE)
    assert state.read(tmp_path) == STATE
    assert [path.name for path in tmp_path.iterdir()] == ["servers.json"]
    assert (tmp_path / "servers.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"children": [{"name": "web"}]}', '{"children": []}']
)
def test_what_cannot_be_read_counts_as_nothing(tmp_path: Path, content: str):
    (tmp_path / "servers.json").write_text(content)
    assert state.read(tmp_path) is None
    assert state.stop_leftovers(tmp_path) == []


def test_only_one_launcher_lives_in_a_folder(tmp_path: Path, held: subprocess.Popen[bytes]):
    state.write(tmp_path, STATE)
    assert state.is_held(tmp_path)
    with (
        pytest.raises(LauncherError, match=r"^process 4711 on 8000$"),
        state.hold(tmp_path, "process {pid} on {port}"),
    ):
        pass
    held.kill()
    held.wait()
    assert not state.is_held(tmp_path)
    with state.hold(tmp_path, "never"):
        pass


def test_a_folder_that_cannot_be_used_is_one_line(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(LauncherError, match="cannot be used"), state.hold(tmp_path / "file" / "x", "never"):
        pass


def test_the_journal_is_on_the_disk_before_anything_else_happens(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
):
    journal = Journal(tmp_path, 8000)
    journal.add("web", stranger.pid)
    journal.publish("postgresql://a", "redis://b")
    found = state.read(tmp_path)
    assert found == journal.state
    assert [child.pid for child in found.children] == [stranger.pid]


def test_leftovers_are_stopped(tmp_path: Path, stranger: subprocess.Popen[bytes]):
    Journal(tmp_path).add("web", stranger.pid)
    # The one that reaps it has to be somebody else: here it is its own parent, and a zombie counts as ended.
    assert state.stop_leftovers(tmp_path) == ["web"]
    assert stranger.wait(5) == -signal.SIGTERM
    assert state.read(tmp_path) is None


def test_a_number_that_was_given_out_again_is_left_alone(tmp_path: Path, stranger: subprocess.Popen[bytes]):
    state.write(tmp_path, State(1, children=[Child("web", stranger.pid, "before the flood")]))
    assert state.stop_leftovers(tmp_path) == []
    assert stranger.poll() is None


def test_who_does_not_listen_is_stopped_all_the_same():
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", deaf]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        born = processes.birth(process.pid) or ""
        assert processes.stop_stranger(process.pid, born, signal.SIGTERM, patience=0.2)
        assert process.wait(5) == -signal.SIGKILL


@pytest.mark.usefixtures("clean_environment", "held")
def test_manage_py_takes_the_addresses_of_a_launcher_that_lives(tmp_path: Path):
    state.write(tmp_path, STATE)
    find_servers(tmp_path, "migrate")
    assert (os.environ["DATABASE_URL"], os.environ["REDIS_URL"]) == (STATE.database_url, STATE.redis_url)


@pytest.mark.usefixtures("clean_environment", "held")
def test_manage_py_goes_where_the_environment_says(tmp_path: Path):
    state.write(tmp_path, STATE)
    os.environ["DATABASE_URL"] = "postgresql://mine"
    find_servers(tmp_path, "migrate")
    assert os.environ["DATABASE_URL"] == "postgresql://mine"


@pytest.mark.usefixtures("clean_environment", "held")
def test_manage_py_goes_where_dotenv_says(tmp_path: Path):
    state.write(tmp_path, STATE)
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://mine\n")
    find_servers(tmp_path, "migrate")
    assert os.environ["DATABASE_URL"] == "postgresql://mine"


@pytest.mark.usefixtures("clean_environment", "held")
def test_manage_py_goes_where_the_mcp_server_s_environment_says(tmp_path: Path):
    state.write(tmp_path, STATE)
    os.environ["MCP_DATABASE_URL"] = "postgresql://mine"
    find_servers(tmp_path, "migrate")
    assert "DATABASE_URL" not in os.environ
    assert os.environ["REDIS_URL"] == STATE.redis_url


@pytest.mark.usefixtures("clean_environment", "held")
def test_manage_py_knows_where_the_mcp_server_listens(tmp_path: Path):
    state.write(tmp_path, replace(STATE, mcp_port=8765))
    find_servers(tmp_path, "migrate")
    assert os.environ["MCP_SERVER_PORT"] == "8765"


@pytest.mark.usefixtures("clean_environment", "held")
def test_manage_py_meets_the_make_believe_telegram_unless_a_token_says_otherwise(tmp_path: Path):
    state.write(tmp_path, replace(STATE, telegram_port=8766))
    os.environ["TELEGRAM_BOT_TOKEN"] = "4711:mine"
    find_servers(tmp_path, "migrate")
    assert os.environ["TELEGRAM_BOT_TOKEN"] == "4711:mine"
    del os.environ["TELEGRAM_BOT_TOKEN"]
    find_servers(tmp_path, "migrate")
    assert os.environ["TELEGRAM_API_BASE_URL"] == "http://127.0.0.1:8766"
    assert TOKEN.fullmatch(os.environ["TELEGRAM_BOT_TOKEN"])


@pytest.mark.usefixtures("clean_environment")
def test_manage_py_does_not_believe_what_a_killed_launcher_left(tmp_path: Path):
    state.write(tmp_path, STATE)
    with pytest.raises(
        SystemExit, match=r"^NadMor is not running: start it with `make run` in another terminal"
    ):
        find_servers(tmp_path, "migrate")


@pytest.mark.usefixtures("clean_environment")
@pytest.mark.parametrize("words", [(), ("help",), ("collectstatic",), ("migrate", "--help"), ("--version",)])
def test_what_looks_at_the_code_alone_gets_an_address_that_leads_nowhere(
    tmp_path: Path, words: tuple[str, ...]
):
    find_servers(tmp_path, *words)
    assert os.environ["DATABASE_URL"].startswith("postgresql://nobody@127.0.0.1:1/")
    assert os.environ["REDIS_URL"].startswith("redis://127.0.0.1:1/")
