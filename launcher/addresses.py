"""The servers that the environment names: read, and tried, before anything is started."""

import os
import socket
import warnings
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
import psycopg
import redis

from launcher.errors import LauncherError
from launcher.paths import SCRIPTS
from launcher.server import free_port

DATABASE_EXAMPLE = "postgresql://user:password@host:5432/name"
REDIS_EXAMPLE = "redis://:password@host:6379/0"
OLDEST_POSTGRES = 140000  # Django 5.2 supports PostgreSQL 14 and newer
_PATIENCE = 5  # seconds
_DEFAULT_PORT = 8000
_MCP_AFTER_WEB, _TELEGRAM_AFTER_WEB = 2, 3
_LAST_PORT = 65535


@dataclass(frozen=True)
class Addresses:
    """Where the two servers are; an empty one is not there (yet)."""

    database_url: str = ""
    redis_url: str = ""


def given(environment: MutableMapping[str, str]) -> Addresses:
    """The servers that the environment names, each tried. Raises `LauncherError` about a wrong one."""
    addresses = Addresses(value(environment, "DATABASE_URL"), value(environment, "REDIS_URL"))
    if addresses.database_url:
        try_database(addresses.database_url)
    if addresses.redis_url:
        try_redis(addresses.redis_url)
    return addresses


def value(environment: MutableMapping[str, str], name: str) -> str:
    """A setting itself, or out of the file that ``<name>_FILE`` names, as the settings read it."""
    path = environment.get(f"{name}_FILE", "")
    try:
        return Path(path).read_text().strip() if path else environment.get(name, "")
    except OSError as error:
        raise LauncherError(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error


def connection_parameters(url: str) -> dict[str, Any]:
    """The parameters of a database URL, read as the settings read them."""
    misread = LauncherError(f"DATABASE_URL cannot be read: it should look like {DATABASE_EXAMPLE}.")
    if not url.startswith(("postgres://", "postgresql://")):
        raise misread
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            config = environ.Env.db_url_config(url)
    except ValueError:
        raise misread from None
    if not config.get("NAME"):
        raise misread
    tls = {key: value for key, value in config.get("OPTIONS", {}).items() if key.startswith("ssl")}
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {key: config[name] for key, name in names.items() if config.get(name)} | tls


def try_database(url: str) -> None:
    """Connect once. Raises `LauncherError` saying what is wrong with DATABASE_URL."""
    parameters = connection_parameters(url)
    try:
        with psycopg.connect(**parameters, connect_timeout=_PATIENCE) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        raise LauncherError(f"DATABASE_URL: {_why(str(error), parameters)}") from None
    if version < OLDEST_POSTGRES:
        raise LauncherError(
            f"DATABASE_URL: the server is PostgreSQL {version // 10000}; NadMor needs 14 or newer."
        )


def _why(message: str, parameters: dict[str, Any]) -> str:
    """A libpq message, some lines long, as one sentence."""
    where = f"{parameters.get('host', 'localhost')}:{parameters.get('port', 5432)}"
    if "password authentication failed" in message or "no password supplied" in message:
        return f"the server at {where} refuses the password of user {parameters.get('user', '(none)')!r}."
    if "does not exist" in message and "database" in message:
        return f"the server at {where} has no database {parameters['dbname']!r}: create it first."
    first = message.strip().partition("\n")[0].rpartition("failed: ")[2]
    if "FATAL:" in first:
        return f"the server at {where} refuses the connection: {first.rpartition('FATAL:')[2].strip()}."
    return f"no PostgreSQL server can be reached at {where} ({first})."


def try_redis(url: str) -> None:
    """Say PING once. Raises `LauncherError` saying what is wrong with REDIS_URL."""
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE)
    except ValueError:
        raise LauncherError(f"REDIS_URL cannot be read: it should look like {REDIS_EXAMPLE}.") from None
    options = client.connection_pool.connection_kwargs
    where = options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"
    try:
        with client:
            client.ping()
    except redis.AuthenticationError:
        raise LauncherError(f"REDIS_URL: the server at {where} refuses the password.") from None
    except redis.RedisError as error:
        said = str(error).partition("\n")[0].rstrip(".")
        raise LauncherError(f"REDIS_URL: no Redis server can be reached at {where} ({said}).") from None


def web_port(environment: MutableMapping[str, str]) -> int:
    """The port of the web process. Raises `LauncherError` if PORT is no port."""
    return _port("PORT", environment.get("PORT") or str(_DEFAULT_PORT))


def _port(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _LAST_PORT:
        raise LauncherError(f"{name} should be a number from 1 to {_LAST_PORT}, not {text!r}.")
    return int(text)


def mcp_port(environment: MutableMapping[str, str], web: int) -> int:
    """The port of the MCP process: as the environment says, else two after the web's, or where there is room.

    Raises `LauncherError` if MCP_SERVER_PORT is no port, or is taken.
    """
    return _port_beside("MCP_SERVER_PORT", environment, web + _MCP_AFTER_WEB)


def telegram_port(environment: MutableMapping[str, str], web: int, mcp: int) -> int:
    """The port of the make-believe Telegram: as the environment says, else the web's + 3, or a free one.

    Raises `LauncherError` if TELEGRAM_SANDBOX_PORT is no port, or is taken.
    """
    port = _port_beside("TELEGRAM_SANDBOX_PORT", environment, web + _TELEGRAM_AFTER_WEB)
    # Nothing listens there yet, but the MCP server will.
    return free_port() if port == mcp else port


def _port_beside(name: str, environment: MutableMapping[str, str], beside: int) -> int:
    text = environment.get(name) or ""
    if not text:
        return beside if beside <= _LAST_PORT and _is_free(beside) else free_port()
    port = _port(name, text)
    if not _is_free(port):
        raise LauncherError(f"Port {port} ({name}) is in use, or not for you to use.")
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def require_free(port: int) -> None:
    """Raise `LauncherError` if something listens on the port already, or if it may not be used."""
    with socket.socket() as probe:
        # As the web server does it: connections that are only fading away do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except PermissionError:
            raise LauncherError(f"Port {port} is not for you to use: make run PORT={_DEFAULT_PORT}") from None
        except OSError:
            other = port + 1 if port < _LAST_PORT else _DEFAULT_PORT
            raise LauncherError(
                f"Port {port} is already in use: stop what listens there, or choose another: "
                f"make run PORT={other}"
            ) from None


def child_environment(addresses: Addresses, **more: str) -> dict[str, str]:
    """The environment of what uses the servers: where they are, and our own programs first on the PATH."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        # The settings would prefer the file; make's own variables would confuse a `make` further down.
        if name not in {"DATABASE_URL_FILE", "REDIS_URL_FILE", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"}
    }
    urls = {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
    path = os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", os.defpath)])
    return {**inherited, **urls, "PATH": path, "PYTHONUNBUFFERED": "1", **more}
