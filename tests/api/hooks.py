"""A client of the webhooks' paths, and rows of their tables as the dispatcher leaves them."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from tenants.models import Hospital
from tests.api import contract
from tests.conftest import make_api_key
from tests.support.rest import Rest
from webhooks.models import Attempt, Delivery, State

BASE = "/api/v1/webhooks"
SCOPE = "manage:webhooks"
BODY = {"webhook_url": "https://his.example.org/hook", "events": ["booking.created", "booking.cancelled"]}
SECRET_FORM = r"whsec_[A-Za-z0-9+/]{43}="
NOWHERE = "00000000-0000-4000-8000-000000000000"

# The health of a webhook that nothing was sent to.
IDLE = {
    "condition": "IDLE", "attempts": 0, "success_ratio": None, "p95_ms": None, "waiting": 0,
    "oldest_waiting": None, "kept": 0,
    "consecutive_failures": 0, "failing_since": None, "not_tried_before": None,
}  # fmt: skip


class Hooks(Rest):
    """Speaks JSON to the webhooks' paths with one key."""

    def __init__(self, hospital: Hospital | None, *scopes: str) -> None:
        key = make_api_key(hospital, *(scopes or (SCOPE,)))
        super().__init__(hospital or Hospital(subdomain="none"), key)
        self.base = BASE
        contract.checked(self)

    def ask(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        """Ask by any method; the query stands in the path."""
        send = getattr(self.client, method.lower())
        if method in ("GET", "HEAD"):
            return send(self.base + path, headers=self.headers(headers))
        return send(
            self.base + path, body or {}, content_type="application/json", headers=self.headers(headers)
        )

    def register(self, **other: Any) -> dict[str, Any]:
        """Register a webhook; return what was answered."""
        answer = self.post("/register", {**BODY, **other})
        assert answer.status_code == 201, answer.content
        return answer.json()


def delivery(webhook_id: str, number: int = 1, *, state: str = State.DELIVERED, **more: Any) -> Delivery:
    """A delivery of an event that was queued so many minutes ago as its number says."""
    at = timezone.now() - timedelta(minutes=number)
    times = {"delivered_at": at} if state == State.DELIVERED else {}
    due = {"next_attempt_at": at if state == State.PENDING else None}
    return Delivery.objects.create(
        webhook_id=webhook_id, event_id=number, event_at=at, created_at=at,
        **{
            "event_type": "booking.created",
            "payload": f'{{"event":"booking.created","data":{{"sequence":{number}}}}}',
            "state": state, "attempts": 1, **times, **due, **more,
        },
    )  # fmt: skip


def attempt(
    row: Delivery, *, status: int | None = 200, error: str = "", ms: int = 100, **more: Any
) -> Attempt:
    """One try of a delivery."""
    told = {"started_at": timezone.now(), "excerpt": "ok", "is_success": status == 200, **more}
    return Attempt.objects.create(
        delivery=row, webhook_id=row.webhook_id, status=status, error=error, ms=ms, **told
    )
