import os
import re
import subprocess
from pathlib import Path

import pytest

from launcher import commands
from launcher.paths import PROJECT

MAKEFILE = (PROJECT / "Makefile").read_text()


def test_make_alone_explains_every_target():
    shown = subprocess.run(
        ["/usr/bin/env", "make"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    targets = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split()
    assert [line.split()[1] for line in shown.splitlines()] == targets


def test_what_the_makefile_calls_is_there():
    calls = re.findall(r"\$\(LAUNCHER\) (\w+)(.*)", MAKEFILE)
    for name, rest in calls:
        assert callable(commands.parser().parse_args([name, *rest.split()]).perform)
    assert {"run", "exec", "check", "openapi", "lock", "reset"} <= {name for name, _ in calls}


@pytest.mark.parametrize("script", [".ci/run", "manage.py"])
def test_what_is_called_by_its_name_may_be_executed(script: str):
    assert os.access(PROJECT / script, os.X_OK)


def test_continuous_integration_stops_at_the_first_failure():
    assert "set -euo pipefail" in Path(PROJECT / ".ci/run").read_text()
