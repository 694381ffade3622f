"""The first to see a request and the last to see its answer."""

import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from observing import views
from observing.context import HEADER, door_of, during
from observing.metrics import count_request
from observing.traces import failure

logger = logging.getLogger(__name__)

Respond = Callable[[HttpRequest], HttpResponseBase]

_PAGES: dict[str, Callable[[HttpRequest], HttpResponseBase | None]] = {
    "/health": views.alive,
    "/health/ready": views.ready,
    "/metrics": views.metrics,
}


class HealthMiddleware:
    """Answer those who watch before anything else could fail or redirect: hosts, hospitals, the database."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer here, or let the rest answer."""
        page = _PAGES.get(request.path_info)
        answer = page(request) if page else None
        return self.get_response(request) if answer is None else answer


class RequestMiddleware:
    """Give each request an id and a line in the log, and count it.

    In place of django-structlog's, whose lines hold whole addresses: those carry names and phone numbers.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        # Not weakly: nobody else holds the method.
        got_request_exception.connect(_note_failure, dispatch_uid="observing")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the rest answer, and tell of it."""
        started = perf_counter()
        with during(request) as request_id:
            response = self.get_response(request)
            response.headers[HEADER] = request_id
            _tell(request, response, perf_counter() - started)
        return response


def _note_failure(request: HttpRequest | None = None, **_: Any) -> None:
    """Keep what an exception was, for the request's line. Django sends this while it handles one."""
    if request is not None and (error := sys.exception()) is not None:
        request.__dict__["_failure"] = failure(error)


def _tell(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    route, status = _route(request), response.status_code
    # The answer is more than its count.
    with suppress(OSError):
        count_request(request, response, door=door_of(request), route=route, seconds=seconds)
    level = logging.ERROR if status >= 500 else logging.INFO  # noqa: PLR2004  -- an HTTP status
    if logger.isEnabledFor(level):
        told = {"method": request.method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        told |= request.__dict__.get("_failure", {})
        # As logger.log() does, without looking for the line of code that calls it.
        logger.handle(logger.makeRecord(logger.name, level, "", 0, "request", (), None, extra=told))


def _route(request: HttpRequest) -> str:
    """The pattern that an address matched, never the address with its values."""
    if request.resolver_match is not None:
        return request.resolver_match.route or "/"
    return "static" if request.path_info.startswith(settings.STATIC_URL or "/static/") else "none"
