import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher import homes, processes, state
from tests.launcher.driving import (
    KERNEL_TELLS_CHILDREN,
    UNLEASH,
    Launched,
    all_gone,
    launch,
    manage,
    run_launcher,
)


@pytest.fixture(scope="module")
def project(make_project: Callable[[], Path]) -> Path:
    """One for all these tests: its database is made once, and has to stand whatever they do to it."""
    return make_project()


def test_ctrl_c_stops_the_web_first_and_leaves_nothing_behind(nadmor: Launched, project: Path, port: int):
    children = nadmor.children()
    assert [child.name for child in children] == ["PostgreSQL", "Valkey", "web"]
    assert nadmor.press_ctrl_c() == 0
    assert all(processes.birth(child.pid) is None for child in children)
    assert "web is leaving" in nadmor.output()
    assert nadmor.output().rstrip().endswith("NadMor has stopped.")
    assert not (project / ".nadmor" / "servers.json").exists()


def test_sigterm_stops_it_just_the_same(nadmor: Launched):
    children = nadmor.children()
    nadmor.process.terminate()
    assert nadmor.process.wait(30) == 0
    assert all(processes.birth(child.pid) is None for child in children)


def test_ctrl_c_while_it_starts_leaves_nothing_behind(project: Path, port: int):
    with launch(project, "run", PORT=str(port)) as launched:
        launched.wait_for("Bringing the database")
        children = launched.children()
        assert launched.press_ctrl_c() == 130
    assert all(processes.birth(child.pid) is None for child in children)
    assert "Traceback" not in launched.output()


def test_manage_py_without_servers_is_one_line_unless_it_needs_none(project: Path):
    refused = manage(project, "migrate_schemas")
    assert refused.returncode == 1
    assert refused.stderr == (
        "NadMor is not running: start it with `make run` in another terminal, "
        "or set DATABASE_URL and REDIS_URL.\n"
    )
    assert manage(project, "load_demo", "--help").returncode == 0


def test_data_survive_a_stop_and_a_reset_deletes_them(make_project: Callable[[], Path], port: int):
    project = make_project()
    for number in (1, 2):
        with launch(project, "run", PORT=str(port)) as launched:
            launched.wait_for(f"start number {number} ")
    data = homes.data_home(project / ".nadmor")
    assert (data / "valkey").is_dir()
    assert run_launcher(project, "reset").returncode == 0
    assert not (project / ".nadmor").exists()
    assert not data.exists()


def test_killed_it_takes_its_children_along(nadmor: Launched):
    children = nadmor.children()
    nadmor.process.kill()
    assert all_gone(children) or not KERNEL_TELLS_CHILDREN


def test_killed_without_a_leash_its_orphans_are_stopped_by_the_next_start(project: Path, port: int):
    with launch(project, "run", code=UNLEASH, PORT=str(port)) as launched:
        launched.wait_for("NadMor is running")
        orphans = launched.children()
        launched.process.kill()
        launched.process.wait()
    assert all(processes.birth(child.pid) == child.born for child in orphans)
    with launch(project, "run", PORT=str(port)) as launched:
        launched.wait_for("NadMor is running")
        assert all(processes.birth(child.pid) != child.born for child in orphans)
    for name in ("web", "Valkey", "PostgreSQL"):
        assert f"Stopped {name}: a NadMor that was killed had left it behind." in launched.output()


def test_a_process_that_ends_by_itself_ends_the_rest_and_gives_its_code(nadmor: Launched, project: Path):
    children = nadmor.children()
    os.kill(int((project / "web.pid").read_text()), signal.SIGKILL)
    assert nadmor.process.wait(30) == 128 + signal.SIGKILL
    assert all(processes.birth(child.pid) is None for child in children)


def test_a_server_that_dies_ends_the_rest(nadmor: Launched):
    children = nadmor.children()
    os.kill(children[1].pid, signal.SIGKILL)
    assert nadmor.process.wait(30) == 1
    assert "Valkey has ended by itself" in nadmor.output()
    assert all(processes.birth(child.pid) is None for child in children)


def test_a_port_in_use_is_one_line(project: Path, listener: int):
    refused = run_launcher(project, "run", PORT=str(listener))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {listener} is already in use: stop what listens there, or choose another: "
        f"make run PORT={listener + 1}\n"
    )


def test_dotenv_is_honoured(make_project: Callable[[], Path], listener: int):
    project = make_project()
    (project / ".env").write_text(f"PORT={listener}\n")
    assert f"Port {listener} is already in use" in run_launcher(project, "run").stderr
    (project / ".env").write_text("DATABASE_URL=nonsense\n")
    assert "DATABASE_URL cannot be read" in run_launcher(project, "run").stderr


def test_a_failing_preparation_stops_the_servers_and_is_told(make_project: Callable[[], Path], port: int):
    project = make_project()
    command = project / "demo" / "management" / "commands" / "load_demo.py"
    command.write_text(
        "from django.core.management.base import BaseCommand, CommandError\n"
        "class Command(BaseCommand):\n"
        "    def add_arguments(self, parser): parser.add_argument('--key-file')\n"
        "    def handle(self, **_): raise CommandError('no demo today')\n"
    )
    failed = run_launcher(project, "run", PORT=str(port))
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-2:] == [
        "no demo today",
        "The database could not be prepared: see above.",
    ]
    assert state.read(project / ".nadmor") is None
