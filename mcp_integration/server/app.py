"""The ASGI application of the MCP process: every transport, the gateway and the streams at one address."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from mcp.server.lowlevel import Server
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from core.faults import Fault
from mcp_integration.gateway.languages import language_of
from mcp_integration.gateway.replies import fault_reply
from mcp_integration.gateway.routes import routes as gateway_routes
from mcp_integration.server.callers import ByRequest
from mcp_integration.server.guard import HEADER, Guard
from mcp_integration.server.protocol import Groups, make_server
from mcp_integration.server.transports import Transports
from mcp_integration.streams.routes import routes as stream_routes

# What the router itself refuses, and what nobody foresaw.
_REFUSALS = {
    404: ("RESOURCE_NOT_FOUND", _("There is nothing at this address.")),
    405: ("VALIDATION_ERROR", _("This address takes other methods.")),
    500: ("SERVER_ERROR", _("Something went wrong on our side.")),
}


def build(
    django: ASGIApp,
    *,
    watching: Sequence[BaseRoute] = (),
    groups: Groups = None,
    extend: Callable[[Server[Any]], None] | None = None,
    key: str = "",
) -> ASGIApp:
    """The whole application.

    `watching` are the addresses for machines that watch. `groups` of tools are served; without them those
    that fit the caller. `extend` adds to the protocol's server, and `key` stands in for a missing credential:
    both for the protocol's own test suite.
    """
    server = make_server(ByRequest(), groups)
    if extend is not None:
        extend(server)
    transports = Transports(server, key=key)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with transports.running():
            yield

    routes = [*watching, *transports.routes(), *gateway_routes(), *stream_routes()]
    starlette = Starlette(
        routes=routes,
        middleware=_for_pages_elsewhere(),
        exception_handlers={HTTPException: _refused, Exception: _refused},
        lifespan=lifespan,
    )
    return Guard(starlette, django)


async def _refused(request: Request, error: Exception) -> Response:
    """An address that there is not, or a method, in the platform's envelope."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    code, text = _REFUSALS.get(status, _REFUSALS[500])
    with translation.override(language_of(request.headers) or settings.LANGUAGE_CODE):
        return fault_reply(Fault(code, status, str(text), headers=headers))


def _for_pages_elsewhere() -> list[Middleware]:
    """What browsers want to hear before scripts of other sites may read answers (CORS)."""
    if not settings.MCP_ALLOWED_ORIGINS:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.MCP_ALLOWED_ORIGINS,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["*"],
            expose_headers=[HEADER, "Mcp-Session-Id", "RateLimit", "RateLimit-Policy", "Retry-After", "ETag"],
            max_age=600,
        )
    ]
