"""While it runs: one NadMor for all these tests, none of which ends it."""

import ast
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from launcher import processes, state
from tests.launcher.driving import Launched, launch, manage, run_launcher, unused_port


@pytest.fixture(scope="module")
def port() -> int:
    return unused_port()


@pytest.fixture(scope="module")
def project(make_project: Callable[[], Path]) -> Path:
    return make_project()


@pytest.fixture(scope="module")
def nadmor(project: Path, port: int):
    with launch(project, "run", PORT=str(port)) as launched:
        launched.wait_for("NadMor is running")
        launched.wait_for("on port")
        yield launched


def test_run_prepares_the_database_and_welcomes_people_when_the_web_answers(nadmor: Launched, port: int):
    nadmor.wait_for(f"start number 1 on port {port}")
    shown = [
        "Starting the servers",
        "Applying demo.0001_initial",
        "people are moving in",
        f"NadMor is running: http://localhost:{port}/",
        "start number 1",
    ]
    places = [nadmor.output().find(text) for text in shown]
    assert -1 not in places
    assert places == sorted(places)
    assert "nothing else to do" not in nadmor.output()


def test_a_second_run_and_a_reset_are_refused_in_one_line(nadmor: Launched, project: Path, port: int):
    again = run_launcher(project, "run", PORT=str(port))
    assert again.returncode == 1
    assert again.stderr == (
        f"NadMor is running in this folder already: http://localhost:{port}/ "
        f"(process {nadmor.process.pid}).\n"
    )
    reset = run_launcher(project, "reset")
    assert reset.returncode == 1
    assert reset.stderr.splitlines() == [
        f"NadMor is running in this folder (process {nadmor.process.pid}): stop it first."
    ]
    assert nadmor.process.poll() is None


def test_servers_json_is_for_its_owner_alone_and_the_servers_want_its_passwords(
    nadmor: Launched, project: Path
):
    assert (project / ".nadmor" / "servers.json").stat().st_mode & 0o777 == 0o600
    found = state.read(project / ".nadmor")
    assert found is not None
    assert found.launcher_pid == nadmor.process.pid
    with psycopg.connect(found.database_url) as connection:
        assert connection.info.dbname == "nadmor"
        parameters = connection.info.get_parameters()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**{**parameters, "password": "guessed"})


def test_manage_py_in_another_terminal_finds_the_servers(nadmor: Launched, project: Path):
    code = "from django.db import connection as c; print(c.settings_dict['NAME'])"
    assert manage(project, "shell", "-c", code).stdout.strip().endswith("nadmor")


def test_given_servers_are_used_and_only_the_missing_one_is_started(
    nadmor: Launched, project: Path, make_project: Callable[[], Path]
):
    found = state.read(project / ".nadmor")
    assert found is not None
    other = make_project()
    with launch(other, "run", DATABASE_URL=found.database_url, PORT=str(unused_port())) as second:
        second.wait_for("start number 2 ")
        assert [child.name for child in second.children()] == ["Valkey", "web"]
    both = {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url}
    with launch(other, "run", PORT=str(unused_port()), **both) as third:
        third.wait_for("start number 3 ")
        assert [child.name for child in third.children()] == ["web"]
    assert nadmor.process.poll() is None


TELL = """
import os, pathlib, sys, time
names = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_BASE_URL", "TELEGRAM_SANDBOX_PORT")
pathlib.Path(sys.argv[1]).write_text(repr({name: os.environ.get(name, "") for name in names}))
time.sleep(60)
"""


@pytest.fixture(scope="module")
def with_a_bot(make_project: Callable[[], Path]) -> Path:
    """A project whose Procfile has a bot and a Telegram: both tell what they were given."""
    made = make_project()
    (made / "tell.py").write_text(TELL)
    (made / "Procfile").write_text(
        "web: python web.py\ntelegram: python tell.py telegram\nbot: python tell.py bot\n"
    )
    return made


def both_servers(project: Path) -> dict[str, str]:
    found = state.read(project / ".nadmor")
    assert found is not None
    return {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url}


def told(project: Path, name: str) -> dict[str, str]:
    assert processes.wait_until((project / name).exists, 20)
    return dict(ast.literal_eval((project / name).read_text()))


def test_without_a_token_the_bot_meets_a_telegram_in_the_browser(
    nadmor: Launched, project: Path, with_a_bot: Path
):
    port = unused_port()
    with launch(with_a_bot, "run", PORT=str(port), **both_servers(project)) as launched:
        launched.wait_for("Telegram chat to try: http://localhost:")
        found = state.read(with_a_bot / ".nadmor")
        assert found is not None
        assert [child.name for child in launched.children()] == ["web", "telegram", "bot"]
        assert f"http://localhost:{found.telegram_port}/" in launched.output()
        bot = told(with_a_bot, "bot")
        assert bot["TELEGRAM_API_BASE_URL"] == f"http://127.0.0.1:{found.telegram_port}"
        assert bot == told(with_a_bot, "telegram")
        # A command in another terminal meets the same one.
        code = "import os; print(os.environ['TELEGRAM_API_BASE_URL'])"
        shell = manage(with_a_bot, "shell", "-c", code)
        assert shell.stdout.strip().endswith(bot["TELEGRAM_API_BASE_URL"])


def test_with_a_token_it_meets_the_real_one(nadmor: Launched, project: Path, with_a_bot: Path):
    token = "4711:" + "x" * 35
    (with_a_bot / "bot").unlink(missing_ok=True)
    (with_a_bot / ".env").write_text(f"TELEGRAM_BOT_TOKEN={token}\n")
    with launch(with_a_bot, "run", PORT=str(unused_port()), **both_servers(project)) as launched:
        launched.wait_for("Telegram: bot number 4711, with the token of TELEGRAM_BOT_TOKEN")
        assert [child.name for child in launched.children()] == ["web", "bot"]
        assert told(with_a_bot, "bot")["TELEGRAM_BOT_TOKEN"] == token
        assert told(with_a_bot, "bot")["TELEGRAM_API_BASE_URL"] == ""
        assert token not in launched.output()
    (with_a_bot / ".env").unlink()
