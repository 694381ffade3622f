"""Examples in the OpenAPI document."""

PROVIDER = {"id": "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11", "name": "Dr. Somchai Jaidee"}
SLOT = {
    "start": "2026-11-23T09:00:00+07:00",
    "end": "2026-11-23T09:30:00+07:00",
    "time": "09:00",
    "provider": PROVIDER,
    "seats_left": 1,
}
EVENT_TYPES = {
    "results": [
        {
            "id": 1,
            "slug": "general-check-up",
            "name": "General check-up",
            "name_th": "ตรวจสุขภาพทั่วไป",
            "name_en": "General check-up",
            "description": "A talk, an examination and advice.",
            "duration_minutes": 30,
            "price": "800.00",
            "currency": "THB",
            "capacity": 1,
            "specialty": {"code": "general", "name": "General practice"},
            "providers": [PROVIDER],
        }
    ],
    "count": 1,
}
AVAILABILITY = {
    "event_type_id": 1,
    "timezone": "Asia/Bangkok",
    "date": "2026-11-23",
    "slots": [SLOT],
    "count": 1,
}
MONTH = {
    "event_type_id": 1,
    "timezone": "Asia/Bangkok",
    "month": "2026-11",
    "days": [{"date": "2026-11-23", "free": 14}, {"date": "2026-11-24", "free": 0}],
}
HOLD_REQUEST = {"event_type_id": 1, "date": "2026-11-23", "time": "09:00"}
HOLD = {
    "hold_id": "0b8f1c22-63a4-4f6e-8f34-8f4f1f6a2f10",
    "expires_at": "2026-11-20T10:10:00+07:00",
    "slot": SLOT,
}
CREATE = {
    "event_type_id": 1,
    "date": "2026-11-23",
    "time": "09:00",
    "guest_name": "Malee Srisuk",
    "guest_phone": "081-234-5678",
}
RESCHEDULE = {"new_date": "2026-11-24", "new_time": "10:30"}
BOOKING = {
    "reference": "K7QM-4TXR",
    "status": "SCHEDULED",
    "event_type": {"id": 1, "name": "General check-up"},
    "provider": PROVIDER,
    "start": SLOT["start"],
    "end": SLOT["end"],
    "timezone": "Asia/Bangkok",
    "guest_name": "Malee Srisuk",
    "guest_email": "",
    "guest_phone": "+66812345678",
    "notes": "",
    "cancel_reason": "",
    "source": "api",
    "created_at": "2026-11-20T10:00:00+07:00",
    "updated_at": "2026-11-20T10:00:00+07:00",
}
PAGE = {"results": [BOOKING], "count": 1, "next_cursor": None}
CANCELLED = {**BOOKING, "status": "CANCELLED", "cancel_reason": "Feeling better"}
MOVED = {**BOOKING, "start": "2026-11-24T10:30:00+07:00", "end": "2026-11-24T11:00:00+07:00"}
RATE = {"rating": 5, "comment": "Friendly and on time"}
RATED = {
    "reference": "K7QM-4TXR",
    "rating": 5,
    "comment": "Friendly and on time",
    "created_at": "2026-11-23T12:00:00+07:00",
    "updated_at": "2026-11-23T12:00:00+07:00",
    "open_until": "2026-11-30T12:00:00+07:00",
}
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//NadMor//Appointments//EN
METHOD:PUBLISH
BEGIN:VEVENT
UID:0b8f1c22-63a4-4f6e-8f34-8f4f1f6a2f10@demo.nadmor
DTSTART;TZID=Asia/Bangkok:20261123T090000
DTEND;TZID=Asia/Bangkok:20261123T093000
SUMMARY:General check-up
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""
WRONG_FIELD = {
    "error": {
        "code": "VALIDATION_ERROR",
        "message": "Some of the input is wrong.",
        "details": {"date": ["Write the date as YYYY-MM-DD, such as 2026-11-20; it must exist."]},
        "timestamp": "2026-11-20T03:00:00.000Z",
    }
}
HOLD_GONE = {
    "error": {
        "code": "RESOURCE_NOT_FOUND",
        "message": "This slot is not held any more.",
        "details": {"reason": "hold_not_found"},
        "timestamp": "2026-11-20T03:00:00.000Z",
    }
}
SLOT_TAKEN = {
    "error": {
        "code": "CONFLICT",
        "message": "This time has just been taken.",
        "details": {"reason": "slot_taken", "alternatives": [SLOT]},
        "timestamp": "2026-11-20T03:00:00.000Z",
    }
}
NOT_COMPLETED = {
    "error": {
        "code": "CONFLICT",
        "message": "Only a completed visit can be rated.",
        "details": {"reason": "not_completed", "status": "SCHEDULED"},
        "timestamp": "2026-11-20T03:00:00.000Z",
    }
}
JOIN = {"reference": "K7QM-4TXR", "part_of_day": "morning"}
JOIN_AS_GUEST = {
    "event_type_id": 1,
    "guest_name": "Malee Srisuk",
    "guest_phone": "081-234-5678",
    "date_to": "2026-11-30",
}
WAITING = {
    "id": "8f8a3f0e-4a0e-4a3c-9f0b-0a5b8f1c2263",
    "status": "WAITING",
    "event_type": {"id": 1, "name": "General check-up"},
    "provider": None,
    "date_from": "2026-11-20",
    "date_to": "2026-11-30",
    "part_of_day": "morning",
    "brings_forward": "K7QM-4TXR",
    "offer": None,
    "offers_missed": 0,
    "booking": None,
    "guest_name": "Malee Srisuk",
    "guest_email": "",
    "guest_phone": "+66812345678",
    "timezone": "Asia/Bangkok",
    "created_at": "2026-11-20T10:00:00+07:00",
    "updated_at": "2026-11-20T10:00:00+07:00",
}
OFFERED = {
    **WAITING,
    "status": "OFFERED",
    "offer": {
        "start": SLOT["start"],
        "end": SLOT["end"],
        "provider": PROVIDER,
        "expires_at": "2026-11-20T10:30:00+07:00",
    },
}
WAITING_PAGE = {"results": [OFFERED], "count": 1, "next_cursor": None}
WAITING_GONE = {
    "error": {
        "code": "RESOURCE_NOT_FOUND",
        "message": "There is no such entry in the waiting list.",
        "details": {"reason": "waiting_list_entry_not_found"},
        "timestamp": "2026-11-20T03:00:00.000Z",
    }
}
OFFER_EXPIRED = {
    "error": {
        "code": "CONFLICT",
        "message": "The time to accept this offer is over.",
        "details": {"reason": "offer_expired"},
        "timestamp": "2026-11-20T03:00:00.000Z",
    }
}
LOGIN = {"email": "fon@sukjai.example", "password": "correct-horse-battery", "subdomain": "sukjai"}
_REFRESH_TOKEN = "nadmor_refresh_7d9f4f0f6a0c4a83a8b1c0f5f2b2c9aa_V3hJ0wzq1r8XbC5tYpL2mK7nQd4sFgHj9aEuRiOoZxk"  # noqa: S105
REFRESH = {"refresh_token": _REFRESH_TOKEN}
TOKENS = {
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJleGFtcGxlLm9yZyJ9.c2lnbmF0dXJl",
    "refresh_token": _REFRESH_TOKEN,
    "token_type": "Bearer",
    "expires_in": 900,
    "refresh_expires_in": 604800,
}


def _refused(code: str, message: str, **details: object) -> dict[str, object]:
    timestamp = "2026-11-20T03:00:00.000Z"
    return {"error": {"code": code, "message": message, "details": details, "timestamp": timestamp}}


WRONG_LOGIN = _refused("AUTH_INVALID", "E-mail, password or hospital are not right.", reason="wrong_login")
CODE_NEEDED = _refused(
    "AUTH_REQUIRED",
    "Send the code of the phone, or a recovery code, as well.",
    reason="second_factor_needed",
)
TOKEN_USED = _refused(
    "AUTH_INVALID", "This refresh token was used before. Please sign in again.", reason="refresh_token_used"
)
LOCKED_OUT = _refused(
    "RATE_LIMIT",
    "Too many failed attempts to sign in. Please wait, then try again.",
    reason="locked_out",
    retry_after=900,
)
