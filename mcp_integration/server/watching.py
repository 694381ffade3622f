"""Addresses for machines that watch the MCP process, on any host; the same as the web's."""

from collections.abc import Callable
from hmac import compare_digest
from typing import Any

import anyio
from django.conf import settings
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.faults import timestamp
from mcp_integration.metrics import exposition

RETRY_AFTER = "2"
_NOT_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

# Whether bookings can be made, and the whole answer.
Readiness = Callable[[], tuple[bool, dict[str, Any]]]


def routes(readiness: Readiness) -> list[BaseRoute]:
    """The addresses: alive, ready, figures."""

    async def ready(_request: Request) -> Response:
        """Whether bookings can be made: 200, or 503 with Retry-After; within about a second."""
        # Not one of the threads of calls: when those are all at work, that is no reason to seem dead.
        is_ready, told = await anyio.to_thread.run_sync(readiness)
        late = {} if is_ready else {"Retry-After": RETRY_AFTER}
        return JSONResponse(told, 200 if is_ready else 503, headers={**_NOT_KEPT, **late})

    return [
        Route("/health", _alive, methods=["GET"]),
        Route("/health/ready", ready, methods=["GET"]),
        Route("/metrics", _metrics, methods=["GET"]),
    ]


async def _alive(_request: Request) -> Response:
    """Whether this process answers at all; it asks nobody."""
    return JSONResponse(_stamped("ok"), headers=_NOT_KEPT)


async def _metrics(request: Request) -> Response:
    """Prometheus' figures for whoever has the token; without one there is no such address."""
    if not settings.METRICS_TOKEN:
        return Response(status_code=404, headers=_NOT_KEPT)
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not compare_digest(request.headers.get("authorization", "").encode(), wanted):
        headers = {**_NOT_KEPT, "WWW-Authenticate": "Bearer"}
        return JSONResponse(_stamped("unauthorized"), 401, headers=headers)
    figures = await anyio.to_thread.run_sync(exposition)
    return Response(figures, headers=_NOT_KEPT, media_type="text/plain; version=0.0.4; charset=utf-8")


def _stamped(status: str) -> dict[str, str]:
    return {"status": status, "timestamp": timestamp()}
