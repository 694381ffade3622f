"""`make conformance`: the Model Context Protocol's own test suite and Inspector, on a Node.js of our own.

npm brings both, and the Node.js that they want, into a folder of the development data: whatever stands on the
machine besides is neither used nor changed.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from launcher.errors import LauncherError
from launcher.paths import PROJECT, SCRIPTS, STATE
from launcher.throwaway import execute

SUITE = PROJECT / "tests" / "conformance"
NODE = STATE / "node"
_FILES = ("package.json", "package-lock.json", ".npmrc")
_PATIENCE = 600  # seconds


def conformance(options: Sequence[str]) -> int:
    """Install what is missing, then run the suite against our server; its exit code.

    Raises `LauncherError` where npm or the index of its packages is away.
    """
    if not is_installed():
        install()
    return execute([str(SCRIPTS / "pytest"), str(SUITE.relative_to(PROJECT)), *options])


def is_installed() -> bool:
    """Whether what is there is what the lock names."""
    done = NODE / "installed"
    return done.exists() and done.read_bytes() == (SUITE / "package-lock.json").read_bytes()


def install() -> None:
    """Have npm install what the lock names. Raises `LauncherError`."""
    npm = shutil.which("npm")
    if npm is None:
        raise LauncherError("npm is not installed: the protocol's test suite comes by it. Install Node.js.")
    print("Installing the protocol's test suite ...", flush=True)
    NODE.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copy(SUITE / name, NODE / name)
    _install(npm)
    shutil.copy(SUITE / "package-lock.json", NODE / "installed")


def _install(npm: str) -> None:
    log = NODE / "npm.log"
    try:
        with log.open("wb") as file:
            ended = subprocess.run(
                [npm, "ci"], cwd=NODE, env=_environment(), stdout=file, stderr=file, timeout=_PATIENCE,
                check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise LauncherError(
            f"npm did not come to an end: is its index within reach? Its log: {log}"
        ) from None
    if ended.returncode != 0:
        raise LauncherError(f"npm could not install the protocol's test suite: see {log}")


def _environment() -> dict[str, str]:
    # Of a Node.js that somebody built: npm warns of it in each run.
    return {name: value for name, value in os.environ.items() if name.lower() != "npm_config_nodedir"}


def programs(node: Path = NODE) -> Path:
    """The folder of the installed programs."""
    return node / "node_modules" / ".bin"
