"""What the gateways of one-time codes answer: each its documented API, refusing what the real one refuses.

Facts: twilio.com/docs/verify/api, core.telegram.org/gateway/api; for ThaiBulkSMS and SMSMKT public clients of
theirs, as their own pages were not at hand.
"""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

# What the fakes take for their credentials.
CREDENTIALS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "twilio-token",
    "TWILIO_VERIFY_SERVICE_SID": "VA" + "1" * 32,
    "THAIBULKSMS_KEY": "bulk-key",
    "THAIBULKSMS_SECRET": "bulk-secret",
    "THAIBULKSMS_SENDER": "NadMor",
    "SMSMKT_API_KEY": "mkt-key",
    "SMSMKT_SECRET_KEY": "mkt-secret",
    "SMSMKT_SENDER": "NadMor",
    "TELEGRAM_GATEWAY_TOKEN": "gateway-token",
}
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_MOST = 5
# GSM's limit for a message that is joined of parts (3GPP TS 23.040).
_LONGEST_TEXT = 765


@dataclass(frozen=True)
class Sms:
    """What a phone got: E.164, the text or, where the gateway words it, the code alone."""

    gateway: str
    phone: str
    text: str
    language: str = ""


@dataclass
class Verification:
    """One of Twilio's: it makes the code and counts what is sent and tried."""

    sid: str
    phone: str
    code: str
    sent: int = 0
    tried: int = 0
    is_open: bool = True


@dataclass(frozen=True)
class Request:
    """A request that came: its path behind the gateway's name, its headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def basic(self) -> str:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return base64.b64decode(token).decode() if scheme == "Basic" else ""

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))


# A status and a JSON object.
Reply = tuple[int, dict[str, Any]]


@dataclass
class Apis:
    """All four, and what they remember."""

    sent: list[Sms] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    verifications: dict[str, Verification] = field(default_factory=dict)
    without_telegram: set[str] = field(default_factory=set)
    landlines: set[str] = field(default_factory=set)
    credit: int = 1000

    def expire(self) -> None:
        """Twilio's ten minutes are over."""
        for verification in self.verifications.values():
            verification.is_open = False

    def serve(self, gateway: str, request: Request) -> Reply:
        """The answer of one to a request."""
        self.requests.append(request)
        answers: dict[str, Callable[[Request], Reply]] = {
            "twilio": self._twilio,
            "thaibulksms": self._thaibulksms,
            "smsmkt": self._smsmkt,
            "telegram": self._telegram,
        }
        return answers[gateway](request)

    # ── Twilio Verify v2 ──────────────────────────────────────────────────────
    def _twilio(self, request: Request) -> Reply:
        if request.basic != f"{CREDENTIALS['TWILIO_ACCOUNT_SID']}:{CREDENTIALS['TWILIO_AUTH_TOKEN']}":
            return _twilio_says(401, 20003)
        service = f"/v2/Services/{CREDENTIALS['TWILIO_VERIFY_SERVICE_SID']}"
        if request.method != "POST" or request.media_type != _FORM:
            return _twilio_says(400, 60200)
        if request.path == f"{service}/Verifications":
            return self._twilio_sends(request.form())
        if request.path == f"{service}/VerificationCheck":
            return self._twilio_checks(request.form())
        return _twilio_says(404, 20404)

    def _twilio_sends(self, given: dict[str, str]) -> Reply:
        phone = given.get("To", "")
        if set(given) - {"To", "Channel", "Locale"} or given.get("Channel") != "sms":
            return _twilio_says(400, 60200)
        if not _is_e164(phone) or given.get("Locale", "en") not in ("th", "en"):
            return _twilio_says(400, 60200)
        if phone in self.landlines:
            return _twilio_says(403, 60205)
        known = next((one for one in self.verifications.values() if one.phone == phone and one.is_open), None)
        number = len(self.verifications)
        one = known or Verification(f"VE{number:032x}", phone, f"{(number * 7919 + 104729) % 10**6:06d}")
        if one.sent >= _MOST:
            return _twilio_says(429, 60203)
        one.sent += 1
        self.verifications[one.sid] = one
        self.sent.append(Sms("twilio", phone, one.code, given.get("Locale", "")))
        return 201, {"sid": one.sid, "status": "pending", "to": phone, "channel": "sms", "valid": False}

    def _twilio_checks(self, given: dict[str, str]) -> Reply:
        if set(given) != {"VerificationSid", "Code"} or not re.fullmatch(r"\d{4,10}", given["Code"]):
            return _twilio_says(400, 60200)
        one = self.verifications.get(given["VerificationSid"])
        if one is None or not one.is_open:
            return _twilio_says(404, 20404)
        if one.tried >= _MOST:
            return _twilio_says(429, 60202)
        one.tried += 1
        is_right = given["Code"] == one.code
        one.is_open = not is_right
        status = "approved" if is_right else "pending"
        return 200, {"sid": one.sid, "status": status, "to": one.phone, "channel": "sms", "valid": is_right}

    # ── ThaiBulkSMS v2 ────────────────────────────────────────────────────────
    def _thaibulksms(self, request: Request) -> Reply:
        if request.basic != f"{CREDENTIALS['THAIBULKSMS_KEY']}:{CREDENTIALS['THAIBULKSMS_SECRET']}":
            return _bulk_says(401, 102, "ERROR_UNAUTHORIZED")
        if (request.method, request.path) != ("POST", "/sms"):
            return _bulk_says(404, 404, "ERROR_NOT_FOUND")
        if request.media_type not in (_FORM, _JSON):
            return _bulk_says(400, 103, "ERROR_INVALID_PARAMETER")
        given = request.form() if request.media_type == _FORM else json.loads(request.body)
        text = given.get("message", "")
        if set(given) - {"msisdn", "message", "sender", "force"} or not 0 < len(text) <= _LONGEST_TEXT:
            return _bulk_says(400, 103, "ERROR_INVALID_PARAMETER")
        if given.get("sender", "NadMor") != CREDENTIALS["THAIBULKSMS_SENDER"]:
            return _bulk_says(400, 110, "ERROR_SENDER_NOT_FOUND")
        return self._bulk_sends(given["msisdn"], text)

    def _bulk_sends(self, number: str, text: str) -> Reply:
        if self.credit <= 0:
            return _bulk_says(400, 109, "ERROR_NOT_ENOUGH_CREDIT")
        told: dict[str, Any] = {
            "credit_type": "standard",
            "phone_number_list": [],
            "bad_phone_number_list": [],
        }
        if re.fullmatch(r"(66|0)[689]\d{8}", number):
            phone = "+66" + number.removeprefix("66").removeprefix("0")
            self.credit -= 1
            self.sent.append(Sms("thaibulksms", phone, text))
            told["phone_number_list"] = [
                {"number": number, "message_id": f"BULK{len(self.sent)}", "used_credit": 1}
            ]
        else:
            told["bad_phone_number_list"] = [{"number": number, "message": "INVALID"}]
        return 201, {**told, "remaining_credit": self.credit, "total_use_credit": 1}

    # ── SMSMKT ────────────────────────────────────────────────────────────────
    def _smsmkt(self, request: Request) -> Reply:
        keys = (request.headers.get("api_key"), request.headers.get("secret_key"))
        if (request.method, request.path) != ("POST", "/send-message") or request.media_type != _JSON:
            return 404, {}
        if keys != (CREDENTIALS["SMSMKT_API_KEY"], CREDENTIALS["SMSMKT_SECRET_KEY"]):
            return 200, {"code": "1004", "detail": "api_key or secret_key is incorrect"}
        given = json.loads(request.body)
        refusals = [
            (set(given) != {"phone", "message", "sender"} or not all(given.values()), "100"),
            (not re.fullmatch(r"0[689]\d{8}", given.get("phone", "")), "107"),
            (given.get("sender") != CREDENTIALS["SMSMKT_SENDER"], "200"),
            (self.credit <= 0, "400"),
        ]
        if code := next((code for is_so, code in refusals if is_so), ""):
            return 200, {"code": code, "detail": "…"}
        self.credit -= 1
        self.sent.append(Sms("smsmkt", "+66" + given["phone"][1:], given["message"]))
        return 200, {"code": "000", "detail": "OK.", "result": {"transaction_id": f"MKT{len(self.sent)}"}}

    # ── Telegram Gateway ──────────────────────────────────────────────────────
    def _telegram(self, request: Request) -> Reply:
        token = f"Bearer {CREDENTIALS['TELEGRAM_GATEWAY_TOKEN']}"
        given = json.loads(request.body) if request.media_type == _JSON else {}
        phone = given.get("phone_number", "")
        is_known = set(given) <= {"phone_number", "code", "ttl"}
        refusals = [
            (request.headers.get("authorization") != token, "ACCESS_TOKEN_INVALID"),
            (request.path.lower() != "/sendverificationmessage", "UNKNOWN_METHOD"),
            (not is_known or not _is_e164(phone), "PHONE_NUMBER_INVALID"),
            (not re.fullmatch(r"\d{4,8}", str(given.get("code", ""))), "CODE_INVALID"),
            (not 30 <= given.get("ttl", 30) <= 3600, "TTL_INVALID"),
            (phone in self.without_telegram, "PHONE_NUMBER_NOT_AVAILABLE"),
        ]
        if error := next((error for is_so, error in refusals if is_so), ""):
            return 200, {"ok": False, "error": error}
        self.sent.append(Sms("telegram", phone, given["code"]))
        result = {"request_id": f"{len(self.sent)}", "phone_number": phone, "request_cost": 0.01}
        return 200, {"ok": True, "result": result}


def _is_e164(text: str) -> bool:
    return bool(re.fullmatch(r"\+[1-9]\d{6,14}", text))


def _twilio_says(status: int, code: int) -> Reply:
    return status, {"code": code, "message": "…", "status": status}


def _bulk_says(status: int, code: int, name: str) -> Reply:
    return status, {"error": {"code": code, "name": name, "description": "…"}}
