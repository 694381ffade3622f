"""Reading settings out of the environment, a `.env` file or `*_FILE`: a wrong one is named."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.FileAwareEnv()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def required(name: str, what: str, *, instead: str = "") -> str:
    """A setting without a sensible default, or `instead`. Raises `ImproperlyConfigured` with what it is."""
    value = env.str(name, default="") or instead
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: it should be {what}.")
    return str(value)


def number(name: str, *, default: int) -> int:
    """A whole number from 0 on. Raises `ImproperlyConfigured` for anything else."""
    value = str(env.str(name, default=str(default))).strip()
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}: it should be a whole number, such as {default}.")
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    """A yes or no. Raises `ImproperlyConfigured` for anything else."""
    value = str(env.str(name, default="yes" if default else "no")).strip().lower()
    if value not in (*_YES, *_NO):
        raise ImproperlyConfigured(f"{name} is {value!r}: it should be yes or no.")
    return value in _YES


class MailServer(NamedTuple):
    """Where mail is handed in; TLS begins after a greeting (STARTTLS), at once, or not at all."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


# Scheme of a mail server's URL → its port, whether it speaks STARTTLS, whether TLS at once.
_MAIL_SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtp+ssl": (465, False, True)}


def mail_server(url: str) -> MailServer:
    """The mail server of a URL. Raises `ImproperlyConfigured`, which quotes no password, for any other."""
    try:
        parts = urlsplit(url)
        port, starttls, tls = _MAIL_SCHEMES[parts.scheme]
        host, port = parts.hostname or "", parts.port or port
    except (KeyError, ValueError):
        host = ""
    if not host or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(
            "EMAIL_URL should look like smtp+tls://user:password@host:587, or smtp+ssl:// or smtp://."
        )
    return MailServer(host, port, unquote(parts.username or ""), unquote(parts.password or ""), starttls, tls)
