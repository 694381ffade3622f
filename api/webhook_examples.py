"""Examples of webhooks in the OpenAPI document."""

from typing import Any

from api.examples import WRONG_FIELD

ID = "7f9c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"
DELIVERY_ID = "0b8f1c22-63a4-4f6e-8f34-8f4f1f6a2f10"
MADE = "2026-11-20T10:00:00+07:00"
HEALTH = {
    "condition": "HEALTHY",
    "attempts": 42,
    "success_ratio": 1.0,
    "p95_ms": 180,
    "waiting": 0,
    "oldest_waiting": None,
    "kept": 0,
    "consecutive_failures": 0,
    "failing_since": None,
    "not_tried_before": None,
}
REGISTER = {
    "webhook_url": "https://his.example.org/nadmor",
    "events": ["booking.created", "booking.cancelled"],
}
WEBHOOK: dict[str, Any] = {
    "id": ID,
    "url": "https://his.example.org/nadmor",
    "events": ["booking.created", "booking.cancelled"],
    "description": "",
    "is_active": True,
    "disabled_at": None,
    "disabled_why": None,
    "previous_secret_until": None,
    "recovering_since": None,
    "created_at": MADE,
    "updated_at": MADE,
    "health": HEALTH,
}
NEW_HEALTH = {**HEALTH, "condition": "IDLE", "attempts": 0, "success_ratio": None, "p95_ms": None}
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="  # noqa: S105  -- nobody's: the bytes 0 to 31
REGISTERED = {**WEBHOOK, "health": NEW_HEALTH, "secret": SECRET}
ROTATED = {**WEBHOOK, "previous_secret_until": "2026-11-22T10:00:00+07:00", "secret": SECRET}
WEBHOOKS = {"results": [WEBHOOK], "count": 1, "next_cursor": None}
SWITCH_OFF = {"is_active": False}
SWITCHED_OFF = {
    **WEBHOOK,
    "is_active": False,
    "disabled_at": "2026-11-21T10:00:00+07:00",
    "disabled_why": "ASKED",
    "health": {**HEALTH, "condition": "OFF"},
}
DELIVERY: dict[str, Any] = {
    "id": DELIVERY_ID,
    "event": "booking.created",
    "state": "DELIVERED",
    "attempt_count": 1,
    "next_attempt_at": None,
    "created_at": MADE,
    "delivered_at": MADE,
}
QUEUED = {**DELIVERY, "state": "PENDING", "attempt_count": 0, "next_attempt_at": MADE, "delivered_at": None}
TEST = {**QUEUED, "event": "webhook.test"}
DELIVERIES = {"results": [DELIVERY], "count": 1, "next_cursor": None}
DELIVERY_DETAIL = {
    **DELIVERY,
    "body": {
        "id": DELIVERY_ID,
        "event": "booking.created",
        "type": "booking.created",
        "timestamp": "2026-11-20T03:00:00.000000Z",
        "data": {
            "subdomain": "demo",
            "sequence": 1042,
            "booking_id": "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a12",
            "reference": "K7QM-4TXR",
            "status": "SCHEDULED",
            "event_type_id": 1,
            "provider_id": "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11",
            "start": "2026-11-23T09:00:00+07:00",
        },
    },
    "attempts": [
        {
            "started_at": MADE, "duration_ms": 180, "is_success": True, "status": 200, "error": "",
            "answer": "ok",
        }
    ],
}  # fmt: skip
RECOVER = {"since": MADE}
RECOVERING = {**WEBHOOK, "recovering_since": MADE}
WRONG_URL = {
    "error": {
        **WRONG_FIELD["error"],
        "details": {"webhook_url": ["Name the host: a number is refused."]},
    }
}


def refused(reason: str, message: str) -> dict[str, Any]:
    """A conflict with its reason."""
    return {
        "error": {
            "code": "CONFLICT",
            "message": message,
            "details": {"reason": reason},
            "timestamp": "2026-11-20T03:00:00.000Z",
        }
    }


NOT_FOUND = {
    "error": {
        "code": "RESOURCE_NOT_FOUND",
        "message": "There is no such webhook.",
        "details": {"reason": "webhook_not_found"},
        "timestamp": "2026-11-20T03:00:00.000Z",
    }
}
INACTIVE = refused("webhook_inactive", "This webhook is switched off. Switch it on first.")
UNDER_WAY = refused("delivery_under_way", "This delivery is being sent at this moment.")
