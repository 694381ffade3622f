"""The make-believe Telegram as a server of its own, on loopback and nowhere else."""

import contextlib
import socket

import uvicorn

from telegram_integration.sandbox.app import application
from telegram_integration.sandbox.state import World

HOST = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes a free one. Raises `OSError` if it is in use."""
    return socket.create_server((HOST, port), backlog=1024)


def server(world: World) -> uvicorn.Server:
    """A server that is ready to be run."""
    config = uvicorn.Config(
        application(world),
        log_config=None,
        log_level="warning",
        access_log=False,
        # Bots wait for updates up to a minute: the end does not wait for them.
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
        proxy_headers=False,
        server_header=False,
        ws="none",
        lifespan="on",
    )
    return uvicorn.Server(config)


def serve(world: World, listening: socket.socket) -> None:
    """Serve until told to stop (SIGINT, SIGTERM)."""
    # It hands the signal on when it has ended.
    with contextlib.suppress(KeyboardInterrupt):
        server(world).run(sockets=[listening])
