import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import bootstrap
from launcher.paths import PROJECT
from tests.launcher.driving import environment


def make_clone(folder: Path) -> Path:
    """A fresh clone, as far as installing is concerned, of a project that needs no package."""
    (folder / "launcher").mkdir()
    for name in ("bootstrap.py", "install.sh"):
        shutil.copy(PROJECT / "launcher" / name, folder / "launcher")
    (folder / "requirements").mkdir()
    (folder / "requirements" / "dev.txt").write_text("# nothing\n")
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return make_clone(tmp_path)


def install(clone: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "launcher/install.sh"],
        cwd=clone,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_python_3_6_can_read_the_file_that_tells_it_that_it_is_too_old():
    source = (PROJECT / "launcher" / "bootstrap.py").read_text()
    tree = ast.parse(source, feature_version=(3, 6))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert modules | {"typing"} <= set(sys.stdlib_module_names)
    assert "from __future__" not in source


def test_an_old_python_is_one_line():
    with pytest.raises(bootstrap.InstallError) as refusal:
        bootstrap.check_python((3, 8, 18), "/usr/bin/python3")
    assert str(refusal.value) == (
        "NadMor needs Python 3.11 or newer, and /usr/bin/python3 is Python 3.8.18. "
        "Install a newer one, or name it: make run PYTHON=/path/to/python3"
    )


def test_a_python_that_cannot_make_environments_is_one_line(clone: Path):
    # What Debian's python3 without its -venv package looks like.
    (clone / "broken").mkdir()
    (clone / "broken" / "ensurepip.py").write_text("raise ImportError\n")
    refused = install(clone, PYTHON=sys.executable, PYTHONPATH=str(clone / "broken"))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"{sys.executable} cannot make virtual environments: install its venv module (Debian and Ubuntu: "
        f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv) and try again.\n"
    )


def test_no_python_at_all_is_one_line(clone: Path):
    refused = install(clone, PATH=str(clone))
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        "NadMor needs Python 3.11 or newer: install it, or name it: make run PYTHON=/path/to/python3"
    ]


def test_a_fresh_clone_is_installed_once_with_the_first_python_that_runs(clone: Path):
    programs = clone / "bin"
    programs.mkdir()
    for name, line in {"python3.13": "exit 127", "python3": f'exec {sys.executable} "$@"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    first = install(clone, PATH=f"{programs}:/usr/bin:/bin")
    assert first.returncode == 0, first.stderr
    assert "Making .venv" in first.stdout
    assert (clone / ".venv" / "bin" / "python").exists()

    again = install(clone)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")

    unobtainable = f"nadmor-has-no-such-package==1.0 --hash=sha256:{'0' * 64}\n"
    (clone / "requirements" / "dev.txt").write_text(unobtainable)
    refused = install(clone, PYTHON=sys.executable, PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert refused.returncode == 1
    assert "Making .venv" not in refused.stdout
    assert "nadmor-has-no-such-package" in refused.stderr
    assert refused.stderr.splitlines()[-1] == "The packages could not be installed: see pip's message above."


def test_an_environment_that_was_copied_from_elsewhere_counts_as_none(
    clone: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    programs = clone / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (programs / "pip").write_text(f"#!{programs / 'python'}\n")
    look_at(clone, monkeypatch)
    Path(bootstrap.STAMP).write_text(bootstrap.wanted_stamp())
    assert bootstrap.is_current()
    assert bootstrap.was_made_here()

    copy = tmp_path_factory.mktemp("elsewhere") / "copy"
    shutil.copytree(clone, copy, symlinks=True)
    look_at(copy, monkeypatch)
    assert not bootstrap.is_current()
    assert not bootstrap.was_made_here()


def look_at(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the functions speak of this folder."""
    venv = clone / ".venv"
    for name, path in {
        "VENV": venv,
        "VENV_PYTHON": venv / "bin" / "python",
        "STAMP": venv / ".nadmor-installed",
        "LOCKED": clone / "requirements" / "dev.txt",
    }.items():
        monkeypatch.setattr(bootstrap, name, str(path))


def test_progress_names_every_tenth_package_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]):
    lines = [f"Collecting package{number}==1.0 (from -r dev.txt)" for number in range(1, 26)]
    bootstrap.show_progress([*lines, "Installing collected packages: all of them"], total=25)
    assert capsys.readouterr().out.splitlines() == ["  10/25", "  20/25", "  unpacking them ..."]
