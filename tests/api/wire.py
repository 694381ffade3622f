"""What answers look like, word for word, and short ways to ask."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from tests.support.rest import Rest

ZONE = "Asia/Bangkok"
JSON = "application/json"


class Like:
    """Equals every text of a form: for what differs from run to run."""

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and bool(self.pattern.fullmatch(other))

    __hash__ = None

    def __repr__(self) -> str:
        return f"Like({self.pattern.pattern!r})"


REFERENCE = Like(r"[CDFGHJKMNPQRTWXY34679]{4}-[CDFGHJKMNPQRTWXY34679]{4}")
UUID = Like(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
MOMENT = Like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00")
STAMP = Like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def day(ahead: int = 1) -> str:
    """The date so many days from today on the hospital's clocks."""
    return (today() + timedelta(days=ahead)).isoformat()


def today() -> date:
    return datetime.now(ZoneInfo(ZONE)).date()


def slot(provider: Any, at: str, *, ahead: int = 1, minutes: int = 30, seats_left: int = 1) -> dict[str, Any]:
    """A slot as it stands on the wire."""
    start = datetime.fromisoformat(f"{day(ahead)}T{at}:00+07:00")
    return {
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=minutes)).isoformat(),
        "time": at,
        "provider": {"id": str(provider.pk), "name": provider.name_en},
        "seats_left": seats_left,
    }


def half_hours(*spans: tuple[str, str]) -> list[str]:
    """The starts of half-hour visits in spans of a day."""
    starts = []
    for begin, end in spans:
        at, until = (datetime.fromisoformat(f"2000-01-01T{text}") for text in (begin, end))
        while at < until:
            starts.append(f"{at:%H:%M}")
            at += timedelta(minutes=30)
    return starts


# The starts of the check-up on every day.
STARTS = half_hours(("09:00", "12:00"), ("13:00", "17:00"))


def refusal(answer: HttpResponse, status: int, code: str, reason: str | None = None) -> dict[str, Any]:
    """Check that an answer is a refusal in the platform's envelope; return its details."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    assert answer["Content-Type"] == JSON
    body = answer.json()
    assert body == {
        "error": {
            "code": code,
            "message": Like("(?s).+"),
            "details": body["error"]["details"],
            "timestamp": STAMP,
        }
    }
    age = datetime.now(UTC) - datetime.fromisoformat(body["error"]["timestamp"])
    assert timedelta(seconds=-1) < age < timedelta(minutes=1)
    assert isinstance(body["error"]["details"], dict)
    if reason is not None:
        assert body["error"]["details"]["reason"] == reason
    return body["error"]["details"]


def wrong(answer: HttpResponse, *fields: str) -> dict[str, list[str]]:
    """Check that an answer refuses just these fields, each with texts; return the details."""
    details = refusal(answer, 400, "VALIDATION_ERROR")
    assert sorted(details) == sorted(fields)
    for texts in details.values():
        assert texts
        assert all(isinstance(text, str) and text for text in texts)
    return details


def all_wrong(answers: Iterable[tuple[object, HttpResponse]], *fields: str) -> None:
    """Check that each answer, given with what was sent, refuses just these fields."""
    told = {ascii(sent)[:60]: (answer.status_code, answer.content) for sent, answer in answers}
    accepted = {sent: what for sent, what in told.items() if what[0] != 400}
    assert accepted == {}
    for _sent, answer in answers:
        wrong(answer, *fields)


def send(
    rest: Rest, method: str, path: str, body: bytes = b"", *, content_type: str = JSON, **headers: str
) -> HttpResponse:
    """Send these very bytes. Headers are given with underscores: `idempotency_key="…"`."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return rest.client.generic(
        method, rest.base + path, body, content_type=content_type, headers=rest.headers(extra)
    )
