"""Log lines: one JSON object each (or one readable line), of listed keys only, whoever wrote them.

Everything passes the same formatter: this project's loggers, Django's, gunicorn's and Celery's.
"""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from observing.context import at_hand
from observing.masking import masked
from observing.traces import failure

STYLES = ("json", "text")

# What a line may say. A key that is not here is dropped, and its name noted.
ALLOWED = frozenset({
    "request_id", "door", "hospital", "schema", "user", "key",
    "method", "route", "status", "ms",
    "task", "task_id", "parent_task_id", "child_task_id", "child_task_name",
    "duration_ms", "signame", "expired",
    "lane", "kind", "job", "event_id", "count", "seconds",
    # From observing.traces.
    "failure", "at",
})  # fmt: skip
# Keys that structlog and logging use for themselves.
_ITS_OWN = frozenset({"event", "exc_info", "stack_info"})
# Keys whose values this room made or checked itself: not worth a second look in each line.
_MADE_HERE = frozenset({"request_id", "door", "hospital", "schema", "method", "route", "status", "ms"})
MOST_DROPPED = 10

# Our own packages say constant sentences and ids. Of what others say only the constant part is kept.
OURS = frozenset({
    "observing", "config", "api", "mcp_integration", "telegram_integration", "credentials", "webhooks",
    "analytics", "records", "bookings", "apikeys", "subscriptions", "registry", "verification", "events",
    "accounts", "jobs", "tenants", "core",
    "launcher", "django_structlog",
})  # fmt: skip
# Sentences of others whose values are the machine's: kept whole.
_KEPT_WHOLE = frozenset({
    "Starting gunicorn %s", "Listening at: %s (%s)", "Using worker: %s", "Handling signal: %s",
})  # fmt: skip
# They put values into their sentences before they hand them over: an address, a request's first line.
_CUT = ("gunicorn", "django.security", "py.warnings", "mcp.", "uvicorn")

_LOUD: dict[str, Any] = {
    # They name whole paths with their queries, and a query may carry a phone number. Each request has a line
    # of ours, and so has each failure (`observing.middleware`).
    "django.request": "CRITICAL",
    "django.server": "CRITICAL",
    # It quotes exceptions; django-structlog's line on a failed task is the one that we keep.
    "celery.app.trace": "CRITICAL",
    # It names who failed to log in. What counts stands in its tables.
    "axes": "CRITICAL",
    # Statements with their values.
    "django.db.backends": "INFO",
    **dict.fromkeys(("celery", "kombu", "amqp", "redis", "httpcore", "urllib3", "asyncio"), "WARNING"),
    "sentry_sdk": "WARNING",
    # At DEBUG they quote whole messages; at INFO httpx names addresses, and Telegram's hold the bot's token.
    **dict.fromkeys(("mcp", "sse_starlette", "websockets", "telegram", "httpx"), "WARNING"),
}

Line = dict[str, Any]


def log_configuration(
    *, style: str, level: str, file: str = "", megabytes: int = 50, files: int = 5
) -> dict[str, Any]:
    """Django's LOGGING: to stderr, and to a file of `megabytes` with `files` older ones where one is named.

    Raises `ImproperlyConfigured` for a style or a level that there is not.
    """
    if style not in STYLES:
        raise ImproperlyConfigured(f"LOG_FORMAT is {style!r}: it should be json or text.")
    if level not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(f"LOG_LEVEL is {level!r}: it should be DEBUG, INFO, WARNING or ERROR.")
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", "formatter": "line"}}
    if file:
        handlers["file"] = {
            "class": "observing.files.SharedFileHandler", "formatter": "line", "filename": file,
            "maxBytes": megabytes * 1024 * 1024, "backupCount": files,
        }  # fmt: skip
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "observing.logs.formatter", "style": style}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
        "loggers": {name: {"level": least} for name, least in _LOUD.items()},
    }


class OneLine(logging.Formatter):
    """The one formatter. `render` makes a line's text of its parts.

    In place of structlog's ProcessorFormatter, which copies each record first: every request has a line.
    """

    def __init__(self, render: Callable[[Line], str]) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        return self._render(line_of(record))


def formatter(*, style: str) -> OneLine:
    """The formatter for JSON or for readable lines."""
    if style == "json":
        return OneLine(json.JSONEncoder(separators=(",", ":")).encode)
    readable = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False)
    return OneLine(lambda line: str(readable(None, "", line)))


def use_structlog() -> None:
    """Send what is logged by structlog through logging."""
    # A handler that fails (a full disk) would otherwise print the sentence with its values.
    logging.raiseExceptions = False
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def line_of(record: logging.LogRecord) -> Line:
    """What leaves of a log record: the listed parts."""
    # structlog hands over a dictionary, with its logger beside it.
    event = record.msg if isinstance(record.msg, dict) and hasattr(record, "_logger") else None
    said = at_hand() | _told(record, event)
    line: Line = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": masked(_sentence(record) if event is None else str(event.get("event"))),
    }
    for name, value in said.items():
        if name in ALLOWED:
            line[name] = value if name in _MADE_HERE and isinstance(value, str | int) else _value(value)
    if dropped := sorted(masked(str(name)) for name in said if name not in ALLOWED):
        line["dropped"] = dropped[:MOST_DROPPED]
    if error := _error(record.exc_info if event is None else event.get("exc_info")):
        line.update(failure(error))
    return line


def _told(record: logging.LogRecord, event: Line | None) -> Line:
    """What the line itself says besides its sentence."""
    if event is not None:
        return {name: value for name, value in event.items() if name not in _ITS_OWN}
    # What was handed over as `extra`. Others keep whole requests there: theirs is not even named.
    return {name: value for name, value in record.__dict__.items() if name in ALLOWED}


def _value(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    # Anything else than a text may hold anything.
    return masked(value) if isinstance(value, str) else f"({type(value).__name__})"


def _sentence(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    text, args = record.msg, record.args
    if not args:
        is_cut = record.name.startswith(_CUT)
        return text.split(":", 1)[0].split("=", 1)[0] if is_cut else text
    keep = record.name.partition(".")[0] in OURS or text in _KEPT_WHOLE
    values: object = (
        {name: _spoken(value, keep=keep) for name, value in args.items()}
        if isinstance(args, Mapping)
        else tuple(_spoken(value, keep=keep) for value in args)
    )
    try:
        return text % values
    except (TypeError, ValueError, KeyError):
        return text


def _spoken(value: object, *, keep: bool) -> Any:
    """A value inside of a sentence: numbers as they are, an exception's class, others' texts as a dot."""
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, int | float) or (keep and isinstance(value, str)):
        return value
    return str(value) if keep else "…"


def _error(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    found = given if isinstance(given, tuple) else sys.exc_info() if given else ()
    return found[1] if len(found) > 1 and isinstance(found[1], BaseException) else None
