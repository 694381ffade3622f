"""The API key of the demonstration, kept in a file so that the next start shows the same one."""

import os
import secrets
from pathlib import Path

from apikeys.keys import WrongKey, check_key, create_key, revoke_key
from apikeys.models import ApiKey
from core.actor import Actor
from tenants.context import outside
from tenants.models import Hospital

NAME = "Demo key"
SCOPES = (
    "read:bookings", "write:bookings", "read:patients", "write:patients", "read:records", "write:records",
    "admin:hospital",
)  # fmt: skip
_SYSTEM = Actor.system("load_demo", "keys.write")
_LONGEST = 200  # characters; whatever is longer is no key


def ensure_key(hospital: Hospital, path: Path) -> str:
    """The text of a key of the hospital that works: the file's, or a new one that the file then holds.

    A new key replaces its predecessors: they are revoked. Raises `OSError` if the file cannot be used.
    """
    kept = _read(path)
    if _works(kept, hospital):
        path.chmod(0o600)
        return kept
    key, text = create_key(_SYSTEM, name=NAME, scopes=SCOPES, hospital=hospital)
    _write(path, text)
    with outside():
        # Only older ones: two loads at once must not revoke each other's.
        old = list(ApiKey.objects.filter(name=NAME, hospital=hospital, is_active=True, pk__lt=key.pk))
    for each in old:
        revoke_key(_SYSTEM, each)
    return text


def _works(text: str, hospital: Hospital) -> bool:
    try:
        return bool(check_key(text).hospital_id == hospital.pk)
    except WrongKey:
        return False


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_LONGEST).strip()
    except FileNotFoundError:
        return ""


def _write(path: Path, text: str) -> None:
    """Put the key into the file in one step, readable by its owner alone from the first moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
