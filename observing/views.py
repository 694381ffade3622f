"""Addresses for machines that watch: the same on any host, also on one of no hospital."""

import json
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from observing.health import readiness, stamped
from observing.metrics import exposition

RETRY_AFTER = "2"
_JSON = "application/json"


def alive(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all; it asks nobody."""
    return _answer(request, json.dumps(stamped("ok")), _JSON)


def ready(request: HttpRequest) -> HttpResponse:
    """Whether bookings can be made: 200, or 503 with Retry-After; within about a second."""
    if request.method not in ("GET", "HEAD"):
        return _wrong_method()
    is_ready, told = readiness()
    answer = _answer(request, json.dumps(told), _JSON)
    if not is_ready:
        answer.status_code = 503
        answer["Retry-After"] = RETRY_AFTER
    return answer


def metrics(request: HttpRequest) -> HttpResponse | None:
    """Prometheus' figures for whoever has the token; None where there is none, as if this were nowhere."""
    if not settings.METRICS_TOKEN:
        return None
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not compare_digest(request.headers.get("Authorization", "").encode(), wanted):
        answer = _answer(request, json.dumps(stamped("unauthorized")), _JSON)
        answer.status_code = 401
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    return _answer(request, exposition(), "text/plain; version=0.0.4; charset=utf-8")


def _answer(request: HttpRequest, body: str | bytes, content_type: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return _wrong_method()
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Length"] = str(len(answer.content))
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    if request.method == "HEAD":
        answer.content = b""
    return answer


def _wrong_method() -> HttpResponse:
    return HttpResponse(
        status=405, headers={"Allow": "GET, HEAD", "Cache-Control": "no-store", "Content-Length": "0"}
    )
