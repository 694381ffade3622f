import subprocess
from pathlib import Path

import pytest

from launcher import procfile, telegram
from launcher.errors import LauncherError
from launcher.paths import PROJECT


def test_the_project_s_procfile_starts_the_web():
    assert procfile.load(PROJECT / "Procfile")["web"].startswith("gunicorn config.wsgi")


def test_the_project_s_procfile_starts_the_mcp_server():
    assert procfile.load(PROJECT / "Procfile")["mcp"] == "python manage.py runmcpserver --http"


def test_the_project_s_procfile_starts_the_bot_and_a_telegram_to_try_it_with():
    commands = procfile.load(PROJECT / "Procfile")
    assert commands[telegram.BOT] == "python manage.py runtelegrambot"
    assert commands[telegram.SANDBOX] == "python manage.py runtelegramsandbox"


@pytest.mark.parametrize("content", ["", "# nothing\n", "web: a\nweb: b\n"])
def test_a_procfile_without_sense_is_one_line(tmp_path: Path, content: str):
    (tmp_path / "Procfile").write_text(content)
    with pytest.raises(LauncherError, match=r"^Procfile "):
        procfile.load(tmp_path / "Procfile")


def test_a_procfile_that_is_not_there_is_one_line(tmp_path: Path):
    with pytest.raises(LauncherError, match="Procfile cannot be read"):
        procfile.load(tmp_path / "Procfile")


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("echo one", "one\n"),
        ("NAME=two sh -c 'echo $NAME'", "two\n"),
        ("exec echo three", "three\n"),
        ("echo four && echo five", "four\nfive\n"),
    ],
)
def test_a_line_runs_as_it_is_written(command: str, output: str):
    script = procfile.without_shell(command)
    assert (
        subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout == output
    )


def test_no_shell_stands_between_us_and_a_simple_command():
    script = procfile.without_shell("ps -o ppid= -p $$")
    assert script.startswith("exec ")
    assert not procfile.without_shell("a; b").startswith("exec ")
