"""The MCP server: on stdio for one client, or over HTTP for all."""

import gc
import os
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

import anyio
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from core.actor import Door
from core.errors import DomainError
from credentials.callers import credential_of
from mcp_integration.server.logs import at_level
from mcp_integration.server.protocol import groups_named

APPLICATION = "config.asgi:application"
FIGURES = "PROMETHEUS_MULTIPROC_DIR"
FIXTURES = "tests.conformance.fixtures"
# How long streams and calls that are under way at the end may take (seconds).
FAREWELL = 5
# How long one of several processes may be silent until another takes its place (seconds).
PATIENCE = 60
LARGEST_MESSAGE = 128 * 1024


class Command(BaseCommand):
    help = (
        "Serve the Model Context Protocol: on stdin and stdout, acting with MCP_API_KEY; "
        "or, with --http, on MCP_SERVER_HOST and MCP_SERVER_PORT."
    )
    # They take time, and what they say would stand in the middle of the protocol.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--http", action="store_true", help="Serve over HTTP.")
        parser.add_argument("--host", default=settings.MCP_SERVER_HOST, help="Where to listen (--http).")
        parser.add_argument(
            "--port", type=int, default=settings.MCP_SERVER_PORT, help="At which port (--http)."
        )
        parser.add_argument("--workers", type=int, default=1, help="How many processes (--http).")
        parser.add_argument(
            "--tools",
            choices=("booking", "healthcare", "all"),
            default=settings.MCP_TOOLS,
            help="Which groups of tools; without it, those that fit what the caller may do.",
        )
        parser.add_argument(
            "--conformance",
            action="store_true",
            help="Add what the protocol's own test suite asks for. In development only.",
        )

    def handle(self, **options: Any) -> None:
        at_level(settings.MCP_LOG_LEVEL)
        # What was read at the start stays; only what comes from now on is looked through (see manage.py).
        gc.freeze()
        gc.enable()
        if options["conformance"] and not settings.MCP_CONFORMANCE_ALLOWED:
            raise CommandError("--conformance is for development: these settings do not allow it.")
        if options["http"]:
            self._serve_http(**options)
        else:
            self._serve_stdio(options["tools"])

    def _serve_stdio(self, tools: str) -> None:
        from mcp_integration.server.stdio import serve_stdio  # noqa: PLC0415  -- for this transport alone

        key = settings.MCP_API_KEY
        if not key:
            raise CommandError("MCP_API_KEY is not set: it should be an API key, or an access token.")
        try:
            credential_of(key, Door.MCP)
        except DomainError as refusal:
            raise CommandError(f"MCP_API_KEY opens nothing: {refusal}") from None
        anyio.run(serve_stdio, key, groups_named(tools))

    def _serve_http(
        self, *, host: str, port: int, workers: int, tools: str, conformance: bool, **_: Any
    ) -> None:
        import uvicorn  # noqa: PLC0415  -- for this transport alone

        _require_free(host, port)
        # For what reads the settings anew: each of several processes.
        os.environ["MCP_TOOLS"] = tools
        application = _with_fixtures(tools) if conformance else APPLICATION
        with _counting_together(workers):
            uvicorn.run(
                application,
                host=host,
                port=port,
                workers=None if conformance else workers,
                # Lines go the way of all others, and addresses are not told: they may hold tickets.
                log_config=None,
                access_log=False,
                server_header=False,
                # Proxies are believed as far as TRUSTED_PROXIES says, not by what they write alone.
                proxy_headers=False,
                timeout_graceful_shutdown=FAREWELL,
                # A busy machine takes its time to start a process; what is slow is not dead.
                timeout_worker_healthcheck=PATIENCE,
                # What one client may send in one message over WebSocket (bytes).
                ws_max_size=LARGEST_MESSAGE,
            )


def _require_free(host: str, port: int) -> None:
    """Say in a line what uvicorn would say with a traceback. Raises `CommandError`."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) else "no such port"
            raise CommandError(f"The MCP server cannot listen at {host}, port {port}: {why}.") from None


@contextmanager
def _counting_together(workers: int) -> Iterator[None]:
    """Where the processes keep what they count for /metrics, so that any of them tells of all."""
    if workers == 1 or FIGURES in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="nadmor-mcp-metrics-") as folder:
        os.environ[FIGURES] = folder
        yield


def _with_fixtures(tools: str) -> Any:
    compose = import_string("config.asgi.compose")
    extend = import_module(FIXTURES).extend
    return compose(groups=groups_named(tools), extend=extend, key=settings.MCP_API_KEY)
