"""Every operation under a hospital's path, for tests that hold for all of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, get_resolver

from tests.support.rest import Rest

PREFIX = "api/v1/tenants/"
BASE = "api/v1/tenants/<str:subdomain>/booking/"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class Operation:
    """One method of one route. `ids` are filled into path and body when it is asked."""

    name: str
    method: str
    route: str
    path: str
    scope: str
    status: int = 200
    params: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    keeps_answers: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def is_about_offers(self) -> bool:
        """Whether it has something to show only where a freed slot is offered to somebody who waits."""
        return "/waiting-list" in self.path and self.name != "join"

    def ask(
        self, rest: Rest, ids: dict[str, Any], *, method: str | None = None, **headers: str
    ) -> HttpResponse:
        """Ask with these ids: event_type, provider, reference, done, hold, entry, day, time.

        `method` replaces its own.
        """
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        body = None if self.body is None else {key: _filled(value, ids) for key, value in self.body.items()}
        path, params = (
            rest.base + self.path.format(**ids),
            {k: v.format(**ids) for k, v in self.params.items()},
        )
        verb = (method or self.method).lower()
        if verb in ("get", "head"):
            return getattr(rest.client, verb)(path, params, headers=rest.headers(extra))
        return getattr(rest.client, verb)(
            path, body or {}, content_type="application/json", headers=rest.headers(extra)
        )


def _filled(value: Any, ids: dict[str, Any]) -> Any:
    return ids[value[1:]] if isinstance(value, str) and value.startswith("$") else value


READ, WRITE = "read:bookings", "write:bookings"
SLOT = {"event_type_id": "$event_type", "date": "$day", "time": "$time", "provider_id": "$provider"}
ONE_DAY, ONE_MONTH = (
    {"date": "{day}", "provider_id": "{provider}"},
    {"month": "{month}", "provider_id": "{provider}"},
)

OPERATIONS = (
    Operation("event-types", "GET", BASE + "event-types", "/event-types", READ),
    Operation(
        "availability", "GET", BASE + "availability/<int:event_type_id>", "/availability/{event_type}",
        READ, params=ONE_DAY,
    ),
    Operation(
        "days", "GET", BASE + "availability/<int:event_type_id>/days", "/availability/{event_type}/days",
        READ, params=ONE_MONTH,
    ),
    Operation(
        "create", "POST", BASE + "create", "/create", WRITE, 201,
        body={**SLOT, "guest_name": "Malee Srisuk", "guest_phone": "0898765432"}, keeps_answers=True,
    ),
    Operation("hold", "POST", BASE + "hold", "/hold", WRITE, 201, body=SLOT, keeps_answers=True),
    Operation(
        "release", "DELETE", BASE + "hold/<uuid:hold_id>", "/hold/{hold}", WRITE, 204, keeps_answers=True,
    ),
    Operation("search", "GET", BASE + "search", "/search", READ, params={"reference": "{reference}"}),
    Operation(
        "waiting", "GET", BASE + "waiting-list", "/waiting-list", READ, params={"status": "OFFERED"}
    ),
    Operation(
        "join", "POST", BASE + "waiting-list", "/waiting-list", WRITE, 201,
        body={"event_type_id": "$event_type", "provider_id": "$provider", "guest_name": "Malee Srisuk",
              "guest_phone": "0898765432"},
        keeps_answers=True,
    ),
    Operation(
        "entry", "GET", BASE + "waiting-list/<uuid:entry_id>", "/waiting-list/{entry}", READ
    ),
    Operation(
        "leave", "DELETE", BASE + "waiting-list/<uuid:entry_id>", "/waiting-list/{entry}", WRITE, 204,
        keeps_answers=True,
    ),
    Operation(
        "accept", "POST", BASE + "waiting-list/<uuid:entry_id>/accept", "/waiting-list/{entry}/accept", WRITE,
        body={"notes": "By wheelchair"}, keeps_answers=True,
    ),
    Operation(
        "decline", "POST", BASE + "waiting-list/<uuid:entry_id>/decline", "/waiting-list/{entry}/decline",
        WRITE, body={}, keeps_answers=True,
    ),
    Operation("ics", "GET", BASE + "<reference:reference>.ics", "/{reference}.ics", READ),
    Operation("look-up", "GET", BASE + "<reference:reference>", "/{reference}", READ),
    Operation(
        "cancel", "POST", BASE + "<reference:reference>/cancel", "/{reference}/cancel", WRITE,
        body={"reason": "A cold"}, keeps_answers=True,
    ),
    Operation(
        "reschedule", "POST", BASE + "<reference:reference>/reschedule", "/{reference}/reschedule", WRITE,
        body={"new_date": "$day", "new_time": "$time"}, keeps_answers=True,
    ),
    Operation(
        "rate", "POST", BASE + "<reference:reference>/rating", "/{done}/rating", WRITE,
        body={"rating": 5, "comment": "Kind"}, keeps_answers=True,
    ),
)  # fmt: skip


def operation(name: str) -> Operation:
    return next(one for one in OPERATIONS if one.name == name)


def routes(urlconf: str = "config.urls_api", *, prefix: str = PREFIX) -> Iterator[tuple[str, Any]]:
    """Each route under a hospital's path, or another, as the URLconf has it, with its view."""

    def walk(patterns: list[Any], before: str) -> Iterator[tuple[str, Any]]:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLPattern):
                yield route, one.callback
            else:
                yield from walk(one.url_patterns, route)

    return (found for found in walk(get_resolver(urlconf).url_patterns, "") if found[0].startswith(prefix))
