"""What every request to the MCP process passes first: an id, a line in the log, our own hosts only."""

import logging
import re
import uuid
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.translation import gettext as _
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from core.actor import Door
from core.faults import Fault
from mcp_integration.gateway.replies import fault_reply

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# What Django itself answers here: signing in, for clients that know this address alone.
DJANGO = ("/api/auth/",)
# Any other form could carry a name or a number of somebody into every line.
_UUID = re.compile(r"[0-9a-f]{8}(-?)([0-9a-f]{4}\1){3}[0-9a-f]{12}", re.IGNORECASE)
# Those who watch ask by address, all the time.
_WATCHING = ("/health", "/health/ready", "/metrics")


class Guard:
    """The outermost layer (ASGI).

    A page elsewhere could lead a browser here under a name of its own (DNS rebinding): only our own hosts are
    answered, and scripts only of pages on them or of those in `settings.MCP_ALLOWED_ORIGINS`.
    What `django` answers it tells of itself.
    """

    def __init__(self, app: ASGIApp, django: ASGIApp) -> None:
        self._app, self._django = app, django

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in or turn it away."""
        if scope["type"] == "lifespan" or scope["path"] in _WATCHING:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        clear_contextvars()
        bind_contextvars(request_id=request_id, door=str(Door.MCP))
        refused = _refused(headers)
        if refused is None and scope["type"] == "http" and scope["path"].startswith(DJANGO):
            await self._django(scope, receive, send)
        else:
            await self._serve(scope, receive, _Told(scope, send, request_id), refused)

    async def _serve(self, scope: Scope, receive: Receive, told: "_Told", refused: Fault | None) -> None:
        try:
            if refused is None:
                await self._app(scope, receive, told)
            elif scope["type"] == "http":
                await fault_reply(refused)(scope, receive, told)
            else:
                # Before the handshake: the server answers 403.
                await told({"type": "websocket.close", "code": 1008})
        finally:
            told.say()


class _Told:
    """Sends an answer with the request's id on it, and keeps what the line about it says."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._scope, self._send, self._request_id = scope, send, request_id
        self._started = perf_counter()
        self._status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self._request_id
        await self._send(message)

    def say(self) -> None:
        """A line about a request over HTTP: never its address, which may hold a ticket."""
        if self._scope["type"] != "http":
            return
        told: dict[str, Any] = {
            "method": self._scope["method"],
            "route": _route(self._scope),
            "status": self._status,
            "ms": round((perf_counter() - self._started) * 1000, 1),
        }
        level = logging.ERROR if self._status >= 500 else logging.INFO  # noqa: PLR2004  -- an HTTP status
        logger.log(level, "request", extra=told)


def _request_id(headers: Headers) -> str:
    given = headers.get(HEADER, "")
    return given if _UUID.fullmatch(given) else uuid.uuid4().hex


def _refused(headers: Headers) -> Fault | None:
    if not is_our_host(headers.get("host", "")):
        return Fault("VALIDATION_ERROR", 421, _("There is no such host here."))
    if not is_welcome(headers.get("origin")):
        return Fault("PERMISSION_DENIED", 403, _("Pages of that site may not come in here."))
    return None


def is_our_host(host: str) -> bool:
    """Whether a ``Host`` header names a host of this installation."""
    name, _port = split_domain_port(host)
    ours = [*settings.ALLOWED_HOSTS, *settings.MCP_ALLOWED_HOSTS, settings.BASE_DOMAIN]
    return bool(name) and validate_host(name, ours)


def is_welcome(origin: str | None) -> bool:
    """Whether scripts of a page may come in; programs send no ``Origin``, and may."""
    if origin is None or origin in settings.MCP_ALLOWED_ORIGINS:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and is_our_host(parts.netloc)


def _route(scope: Scope) -> str:
    """The pattern that an address matched, never the address itself."""
    route = scope.get("route")
    return route.path if isinstance(route, Route | Mount | WebSocketRoute) else "none"
