"""Reports to Sentry: which class, where, in which hospital and at which door. Never what, never who.

An event is not cleaned but built anew from a list: what a later version of the SDK adds stays out.
"""

import logging
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.types import Event, Hint

from observing.context import at_hand

# How long a process that ends waits for Sentry (seconds).
FAREWELL = 2.0
# What fails in the background is caught there and noted; these loggers tell of it.
TELLING = ("jobs",)

_KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk")
_KEPT_OF_FRAMES = ("module", "function", "lineno", "filename", "in_app")
_TAGS = ("request_id", "door", "hospital", "schema", "key", "task", "task_id")


def report_errors(dsn: str, *, environment: str, release: str) -> None:
    """Report exceptions that nobody caught, and failed background work, to a Sentry server."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False),
            CeleryIntegration(propagate_traces=False),
            AtexitIntegration(callback=lambda pending, timeout: None),  # noqa: ARG005  -- the SDK's signature
            DedupeIntegration(),
            ExcepthookIntegration(),
            ThreadingIntegration(propagate_scope=False),
        ],
        before_send=listed_only,
        # Neither is offered yet; whatever turns them on by mistake sends nothing.
        before_send_transaction=_nothing,
        before_breadcrumb=_nothing,
        max_breadcrumbs=0,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        server_name="",
        auto_session_tracking=False,
        send_client_reports=False,
        propagate_traces=False,
        enable_metrics=False,
        shutdown_timeout=FAREWELL,
    )
    for name in TELLING:
        logging.getLogger(name).addHandler(_Teller(logging.ERROR))


def listed_only(event: Event, hint: Hint) -> Event:  # noqa: ARG001  -- the SDK's signature
    """A new event of listed parts: no messages, values, addresses, headers, bodies or people's names."""
    given: dict[str, Any] = dict(event)
    known = at_hand()
    built: dict[str, Any] = {name: given[name] for name in _KEPT if name in given}
    built["tags"] = {name: str(known[name]) for name in _TAGS if name in known}
    if user_id := known.get("user"):
        built["user"] = {"id": user_id}
    if sentence := (given.get("logentry") or {}).get("message"):
        built["logentry"] = {"message": sentence}
    if raised := (given.get("exception") or {}).get("values"):
        built["exception"] = {"values": [_exception(one) for one in raised]}
    return built  # type: ignore[return-value]  # the SDK's type lists every part as optional


def _exception(given: dict[str, Any]) -> dict[str, Any]:
    frames = (given.get("stacktrace") or {}).get("frames") or []
    return {
        "type": given.get("type"),
        "module": given.get("module"),
        "stacktrace": {
            "frames": [{part: one[part] for part in _KEPT_OF_FRAMES if part in one} for one in frames]
        },
    }


def _nothing(*_: Any) -> None:
    return None


class _Teller(logging.Handler):
    """Reports a line of the log by its constant sentence, without the values in it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it to the SDK, which sends it from a thread of its own."""
        sentry_sdk.capture_event(
            {"level": "error", "logger": record.name, "logentry": {"message": str(record.msg)}}
        )
