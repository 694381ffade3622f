"""While it runs: one NadMor for all these tests, none of which ends it."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from launcher import state
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
