"""Make `.venv` and install the locked requirements into it: `python3 launcher/bootstrap.py`.

Standard library and the syntax of Python 3.6 only: an interpreter that is too old has to be able to read this
file, and to say in one line that it is too old.
"""

import contextlib
import hashlib
import os
import re
import signal
import subprocess
import sys
from typing import Any, Dict, Iterable, Iterator, List, Tuple

MINIMUM = (3, 11)
PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(PROJECT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
LOCKED = os.path.join(PROJECT, "requirements", "dev.txt")
STAMP = os.path.join(VENV, ".nadmor-installed")
PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


class InstallError(Exception):
    """The one line that the user reads."""


def check_python(version: Tuple[int, ...], executable: str) -> None:
    """Refuse an interpreter that is older than `MINIMUM`, or that cannot make virtual environments."""
    if version[:2] < MINIMUM:
        raise InstallError(
            "NadMor needs Python 3.11 or newer, and {} is Python {}. Install a newer one, "
            "or name it: make run PYTHON=/path/to/python3".format(executable, ".".join(map(str, version[:3])))
        )
    try:
        # Debian and Ubuntu ship `venv` without the part that puts pip into it.
        import ensurepip  # noqa: F401, PLC0415
        import venv  # noqa: F401, PLC0415
    except ImportError:
        advice = "install its venv module (Debian and Ubuntu: apt install python{}.{}-venv) and try again"
        raise InstallError(
            "{} cannot make virtual environments: {}.".format(executable, advice.format(*version[:2]))
        ) from None


def wanted_stamp() -> str:
    """What a finished installation is remembered by: the lock file's hash, and the folder."""
    with open(LOCKED, "rb") as locked:
        return "{}\n{}\n".format(hashlib.sha256(locked.read()).hexdigest(), os.path.realpath(VENV))


def found_stamp() -> str:
    """What was installed last, or nothing."""
    try:
        with open(STAMP) as stamp:
            return stamp.read()
    except OSError:
        return ""


def was_made_here() -> bool:
    """What a finished installation is remembered by: the hash of the lock, and the folder."""
    try:
        with open(os.path.join(VENV, "bin", "pip")) as script:
            return VENV in script.read(1000)
    except OSError:
        return False


def run_quietly(command: List[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, keeping what it says."""
    pipe = subprocess.PIPE
    return subprocess.run(
        command, stdout=pipe, stderr=subprocess.STDOUT, universal_newlines=True, check=False
    )


def is_usable() -> bool:
    """Whether `.venv` is here, was made here, is new enough and has pip."""
    probe = "import sys, pip; sys.exit(sys.version_info[:2] < {!r})".format(MINIMUM)
    try:
        return was_made_here() and run_quietly([VENV_PYTHON, "-c", probe]).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make `.venv` anew."""
    print("Making .venv with Python {}.{}.{} ...".format(*sys.version_info[:3]), flush=True)
    made = run_quietly([sys.executable, "-m", "venv", "--clear", VENV])
    if made.returncode != 0:
        raise InstallError("The virtual environment could not be made: {}".format(made.stdout.strip()))


def pip_command() -> Tuple[List[str], Dict[str, str]]:
    """The installing command and its environment.

    pip rather than something faster: it is the one that reads the index, proxy and certificates that this
    machine has configured. The lock is complete, so that no dependency is looked for; bytecode is made when a
    module is first imported, which saves a third of the time.
    """
    options = ["--no-deps", "--no-compile", "--require-hashes", "--progress-bar", "off", "--no-input"]
    # A machine where pip is configured to install for the user would refuse to do so inside an environment.
    environment = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    return [VENV_PYTHON, "-m", "pip", "install", *options, "-r", LOCKED], environment


def show_progress(lines: Iterable[str], total: int) -> None:
    """Say how far pip is: in place on a terminal, every tenth package elsewhere."""
    terminal = sys.stdout.isatty()
    seen = 0
    for line in lines:
        words = line.split()
        if words[:1] == ["Collecting"] or words[:3] == ["Requirement", "already", "satisfied:"]:
            seen += 1
            name = words[1] if words[0] == "Collecting" else words[3]
            if terminal:
                print("\r\033[K  {}/{} {}".format(seen, total, name.split("==")[0]), end="", flush=True)
            elif seen % 10 == 0:
                print("  {}/{}".format(seen, total), flush=True)
        elif words[:2] == ["Installing", "collected"]:
            print("{}  unpacking them ...".format("\r\033[K" if terminal else ""), flush=True)


def install() -> None:
    """Install exactly what `requirements/dev.txt` names, each file checked against its hash."""
    with open(LOCKED) as locked:
        total = len(PACKAGE.findall(locked.read()))
    print("Installing {} packages (only once; half a minute or so) ...".format(total), flush=True)
    command, environment = pip_command()
    pip = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, universal_newlines=True)
    try:
        show_progress(pip.stdout or (), total)
    except KeyboardInterrupt:
        pip.terminate()
        raise
    finally:
        pip.wait()
    if pip.returncode != 0:
        raise InstallError("The packages could not be installed: see pip's message above.")


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Wait for another `make` that is installing into the same `.venv`."""
    import fcntl  # noqa: PLC0415  -- after the version was checked: not every system has it

    os.makedirs(os.path.join(PROJECT, ".nadmor"), mode=0o700, exist_ok=True)
    with open(os.path.join(PROJECT, ".nadmor", "install.lock"), "w") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Waiting for another installation in this folder ...", flush=True)
            fcntl.lockf(lock, fcntl.LOCK_EX)
        yield


def is_current() -> bool:
    """Whether the very same lock file is installed already."""
    return found_stamp() == wanted_stamp() and os.path.exists(VENV_PYTHON)


def ensure_installed() -> None:
    """Do what is missing."""
    if is_current():
        return
    with only_one():
        if is_current():  # by now
            return
        if not is_usable():
            make_venv()
        install()
        with open(STAMP, "w") as stamp:
            stamp.write(wanted_stamp())


def interrupt(_number: int, _frame: Any) -> None:
    """Let a request to terminate take the way of Ctrl-C, so that pip does not outlive us."""
    raise KeyboardInterrupt


def main() -> int:
    """Check the interpreter, install; 0, or 1 with one line on stderr. `--is-current` only looks."""
    if sys.argv[1:] == ["--is-current"]:
        return 0 if is_current() else 1
    signal.signal(signal.SIGTERM, interrupt)
    try:
        check_python(tuple(sys.version_info[:3]), sys.executable)
        ensure_installed()
    except InstallError as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as error:
        print("NadMor could not be installed: {}".format(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped while installing; the next `make` takes it up again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
