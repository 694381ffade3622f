"""Answers of the gateway: JSON, with what is left of the allowance and a tag for those who ask again."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from rest_framework.utils.encoders import JSONEncoder
from starlette.responses import Response

from apikeys.limits import Allowance
from core.faults import Fault, error_body

# An answer may name a patient, and depends on who asks and in which language.
_NOT_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
# May be kept by the caller alone, and only to be asked for again with its tag.
_ASKED_AGAIN = {
    "Cache-Control": "private, no-cache",
    "Vary": "X-API-Key, Authorization, Accept, Accept-Language",
    "X-Content-Type-Options": "nosniff",
}


def as_json(value: Any) -> str:
    """A value as compact JSON; letters of every script as they are."""
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))


def json_reply(
    value: Any,
    *,
    status: int = 200,
    allowance: Allowance | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A value, not to be kept by anybody on the way."""
    told = {**_NOT_KEPT, **allowance_headers(allowance), **(headers or {})}
    return Response(as_json(value), status, told, "application/json")


def tagged_reply(
    value: Any, asked_headers: Mapping[str, str], *, allowance: Allowance | None = None
) -> Response:
    """A value with an entity tag, or 304 where the caller has it already (RFC 9110, section 13.1.2)."""
    body = as_json(value).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = {**_ASKED_AGAIN, **allowance_headers(allowance), "ETag": tag}
    if _has(tag, asked_headers.get("if-none-match", "")):
        return Response(status_code=304, headers=told)
    return Response(body, 200, told, "application/json")


def fault_reply(fault: Fault, allowance: Allowance | None = None) -> Response:
    """A refusal in the platform's envelope."""
    return json_reply(
        error_body(fault), status=fault.status, allowance=allowance, headers=dict(fault.headers)
    )


def allowance_headers(allowance: Allowance | None) -> dict[str, str]:
    """What is left of an allowance, as answers say it; nothing for whoever is not limited."""
    return {} if allowance is None else allowance.headers()


def _has(tag: str, told: str) -> bool:
    """Whether ``If-None-Match`` names a tag; the comparison is weak, as it asks for."""
    return told.strip() == "*" or tag in [part.strip().removeprefix("W/") for part in told.split(",")]
