"""The project's own interpreter, for who calls `manage.py` with another one."""

import importlib.util
import os
import sys

from launcher.paths import PROJECT

_VENV = PROJECT / ".venv"


def use_project_python() -> None:
    """Start again with the interpreter of `.venv` if this one has no Django; say so if there is none."""
    if importlib.util.find_spec("django") is not None:
        return
    python = _VENV / "bin" / "python"
    if not python.exists() or sys.prefix == str(_VENV):
        sys.exit("NadMor is not installed: run `make install` first.")
    os.execv(python, [str(python), *sys.argv])  # noqa: S606  -- our own interpreter, no shell
