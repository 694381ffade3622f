"""The request at hand: what every line of a log and every report may say about it.

Other rooms read its id without this one: ``structlog.contextvars.get_contextvars().get("request_id")``.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.http import HttpRequest
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from core.actor import Actor

HEADER = "X-Request-ID"
# Any other form could carry a name or a number of somebody into every line.
_UUID = re.compile(r"[0-9a-f]{8}(-?)([0-9a-f]{4}\1){3}[0-9a-f]{12}", re.IGNORECASE)
# The first segment of a path, and the door that it leads to; every other is the web's.
_DOORS = {"api": "api", "admin": "admin", "telegram": "telegram"}

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def during(request: HttpRequest) -> Iterator[str]:
    """Everything in the block belongs to a request; gives the request's id."""
    request_id = request_id_of(request)
    # Whatever ran on this thread before may have left something behind.
    clear_contextvars()
    bind_contextvars(request_id=request_id, door=door_of(request))
    token = _request.set(request)
    try:
        yield request_id
    finally:
        _request.reset(token)
        clear_contextvars()


def request_id_of(request: HttpRequest) -> str:
    """The id that came with a request where it is a UUID (with hyphens or without), else a new one."""
    # From META: `request.headers` reads all of them first.
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if _UUID.fullmatch(given) else uuid.uuid4().hex


def door_of(request: HttpRequest) -> str:
    """The door that a request came to."""
    return _DOORS.get(request.path_info.lstrip("/").partition("/")[0], "web")


def at_hand() -> dict[str, Any]:
    """What may be said of the request or task at hand: its id, door, hospital, and who asks."""
    known = dict(get_contextvars())
    request = _request.get()
    if request is not None:
        known |= _who(request)
    hospital = getattr(request, "hospital", None)
    subdomain = getattr(hospital, "subdomain", None) or _entered()
    return known | {"hospital": subdomain} if subdomain else known


def _who(request: HttpRequest) -> dict[str, str]:
    """The user's id or the key's public id, where they are known already: nothing is looked up for a log."""
    user, key = request.__dict__.get("user"), request.__dict__.get("auth")
    # By type(): isinstance() would make Django's lazy user read the session.
    user_id = user.user_id if type(user) is Actor else getattr(_signed_in(request), "pk", None)
    public_id = getattr(key, "public_id", None)
    told = {"user": user_id, "key": public_id}
    return {name: str(value) for name, value in told.items() if value}


def _signed_in(request: HttpRequest) -> object:
    # Where Django's AuthenticationMiddleware keeps the user once somebody asked for it.
    return request.__dict__.get("_cached_user")


def _entered() -> str | None:
    """The subdomain of the hospital that this thread is inside of."""
    try:
        open_ones: list[Any] = list(connections.all(initialized_only=True))
    except ImproperlyConfigured:  # before the settings are read
        return None
    for connection in open_ones:
        if subdomain := getattr(getattr(connection, "tenant", None), "subdomain", None):
            return str(subdomain)
    return None
