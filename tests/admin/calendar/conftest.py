"""A calendar as its page's script talks to it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from accounts.permissions import Role
from tests.admin.browser import Browser

CALENDAR = "/admin/bookings/appointment/calendar/"


class Calendar:
    """The addresses of the calendar, for whoever has signed in."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def get(self, name: str, *, language: str = "en", **asked: Any) -> HttpResponse:
        return self.browser.get(f"{CALENDAR}{name}", language=language, **asked)

    def feed(self, **asked: Any) -> dict[str, Any]:
        answer = self.get("feed/", **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, name: str, body: Any, *, language: str = "en") -> HttpResponse:
        answer = self.browser.client.post(
            f"{CALENDAR}{name}", body, content_type="application/json", headers={"accept-language": language}
        )
        self.browser._go_back_inside()
        return answer


@pytest.fixture
def calendar_of(browser_of) -> Callable[[str], Calendar]:
    """The calendar of the person of a role."""
    return lambda role: Calendar(browser_of(role))


@pytest.fixture
def calendar(calendar_of) -> Calendar:
    """Fon's calendar."""
    return calendar_of(Role.FRONT_DESK)


@pytest.fixture
def doctors_calendar(calendar_of) -> Calendar:
    """Dr Bob's calendar."""
    return calendar_of(Role.DOCTOR)


def wall(start) -> str:
    """A naive time of a test as the wire has it."""
    return start.isoformat(timespec="seconds")


def a_move(row, start, practitioner=None, **more) -> dict[str, Any]:
    """Drag an appointment from where it is."""
    seen = timezone.localtime(row.start, timezone.get_fixed_timezone(7 * 60)).replace(tzinfo=None)
    return {
        "id": str(row.pk),
        "start": wall(start),
        "practitioner_id": str((practitioner or row.practitioner).pk),
        "seen_start": wall(seen),
        "seen_practitioner_id": str(row.practitioner_id),
        **more,
    }
