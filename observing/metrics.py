"""Figures for Prometheus. Labels are few and known beforehand: no path, no name, no id."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from apikeys.policies import POLICIES
from observing.figures import Outside

# What this process counts; in several web processes each counts for itself, in files that all can read.
_OURS = CollectorRegistry()
# Around what is promised: a list of free slots in 50 ms, a booking within 1.5 s.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10)

REQUESTS = Counter("nadmor_http_requests", "Requests", ["door", "route", "method", "status"], registry=_OURS)
REQUEST_SECONDS = Histogram(
    "nadmor_http_request_seconds", "Time to answer", ["route"], buckets=_SECONDS, registry=_OURS
)
BOOKINGS = Counter(
    "nadmor_bookings", "Tries to book, by what came of them", ["door", "outcome"], registry=_OURS
)
REFUSED = Counter("nadmor_limits_refused", "Requests beyond a limit", ["policy"], registry=_OURS)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Where bookings are made, with the status that says that one was.
_BOOKING_ROUTES = {
    "api/v1/tenants/<str:subdomain>/booking/create": 201,
    "admin/bookings/appointment/add/": 302,
}
_POLICY = re.compile(r'"([a-z_-]+)"')


def count_request(
    request: HttpRequest, response: HttpResponseBase, *, door: str, route: str, seconds: float
) -> None:
    """Count one request that was answered; raises `OSError` where the files for counting are gone."""
    method = request.method if request.method in _METHODS else "OTHER"
    REQUESTS.labels(door, route, method, str(response.status_code)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    if method == "POST" and (made := _BOOKING_ROUTES.get(route)):
        BOOKINGS.labels(door, _outcome(response, made)).inc()
    if response.status_code == 429:  # noqa: PLR2004  -- an HTTP status
        REFUSED.labels(_policy(response)).inc()


def _outcome(response: HttpResponseBase, made: int) -> str:
    status = response.status_code
    if response.has_header("Idempotency-Replayed"):
        return "repeated"
    if status == made:
        return "booked"
    named = {409: "conflict", 429: "limited"}.get(status)
    return named or ("failed" if status >= 500 else "refused")  # noqa: PLR2004  -- an HTTP status


def _policy(response: HttpResponseBase) -> str:
    # The first name in RateLimit is the policy that refused.
    found = _POLICY.match(response.headers.get("RateLimit", ""))
    return found[1] if found and found[1] in POLICIES else "other"


def exposition() -> bytes:
    """Everything in Prometheus' text format. What is away is left out, and said to be away."""
    registry = CollectorRegistry()
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        # Where somebody removed it, the rest is still told.
        Path(folder).mkdir(parents=True, exist_ok=True)
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package leaves it open
    else:
        registry.register(_Shared())
    registry.register(Outside())
    return generate_latest(registry)


class _Shared(Collector):
    def collect(self) -> Iterator[Metric]:
        """What this process counted."""
        yield from _OURS.collect()
