"""What AI clients want to be told in order to reach this installation."""

import os
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings


class Client(StrEnum):
    """Clients whose configuration we know."""

    CLAUDE_DESKTOP = "claude-desktop"
    CLAUDE_CODE = "claude-code"
    INSPECTOR = "inspector"


class Way(StrEnum):
    """How a client reaches the server: it starts one, or one runs already."""

    STDIO = "stdio"
    HTTP = "http"


PROJECT = Path(__file__).resolve().parent.parent

# Where what is printed belongs, in a sentence.
CLIENTS = {
    Client.CLAUDE_DESKTOP: "Put it into claude_desktop_config.json (Settings, Developer, Edit Config).",
    Client.CLAUDE_CODE: "Run it in a terminal.",
    Client.INSPECTOR: "Keep it in a file: npx @modelcontextprotocol/inspector --config FILE --server NAME",
}
# How the two clients that speak HTTP call it.
_HTTP = {Client.CLAUDE_CODE: "http", Client.INSPECTOR: "streamable-http"}
_USUAL_SETTINGS = "config.settings.local"
_EVERY_ADDRESS = {"0.0.0.0", "::", ""}  # noqa: S104  -- compared with, not listened on


def entry_of(client: Client, way: Way, *, key: str, tools: str = "", url: str = "") -> dict[str, Any]:
    """One server's entry in a client's configuration. `tools`: which groups; empty: as usual."""
    if way is Way.HTTP:
        return {"type": _HTTP[client], "url": url or own_url(), "headers": {"X-API-Key": key}}
    options = ["--tools", tools] if tools else []
    entry: dict[str, Any] = {
        "command": sys.executable,
        "args": [str(PROJECT / "manage.py"), "runmcpserver", *options],
        "env": {**environment(), "MCP_API_KEY": key},
    }
    return entry if client is Client.CLAUDE_DESKTOP else {"type": "stdio", **entry}


def wrapped(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """A whole configuration file with one server."""
    return {"mcpServers": {name: entry}}


def own_url() -> str:
    """Where `runmcpserver --http` answers, as somebody on this machine writes it."""
    host = settings.MCP_SERVER_HOST
    named = "127.0.0.1" if host in _EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{named}:{settings.MCP_SERVER_PORT}/mcp"


def environment() -> dict[str, str]:
    """Those of our settings that a server started elsewhere would miss.

    A client starts it with a bare environment. `.env` and the servers of `make run` it finds by itself.
    """
    told_otherwise = _names_in(PROJECT / ".env", r"^\s*(?:export\s+)?([A-Z_]+)\s*=")
    if _servers_are_found():
        told_otherwise |= {"DATABASE_URL", "REDIS_URL"}
    known = _names_in(PROJECT / ".env.example", r"^#([A-Z_]+)=") - told_otherwise
    wanted = sorted(known | {f"{name}_FILE" for name in known})
    given = {name: value for name in wanted if (value := os.environ.get(name))}
    if given.get("DJANGO_SETTINGS_MODULE") == _USUAL_SETTINGS:
        del given["DJANGO_SETTINGS_MODULE"]
    return given


def _names_in(path: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, path.read_text(), re.MULTILINE)) if path.exists() else set()


def _servers_are_found() -> bool:
    """Whether `manage.py` had the database's address from the running launcher, and will have it again."""
    from launcher.paths import STATE  # noqa: PLC0415  -- only this command knows the launcher
    from launcher.state import is_held, read  # noqa: PLC0415  -- the same

    found = read(STATE) if is_held(STATE) else None
    return (
        found is not None
        and bool(found.database_url)
        and found.database_url == os.environ.get("DATABASE_URL")
    )
