"""How a refusal looks: the platform's envelope, or problem details for whoever accepts them (RFC 9457)."""

import json
import re
from typing import Any
from urllib.parse import quote

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from core.faults import Fault, error_body, timestamp

PROBLEM = "application/problem+json"
# Under this path each kind of problem is described; `type` names one of them (RFC 9457, section 3.1.1).
TYPES = "/api/problems/"
TITLES = {
    "AUTH_REQUIRED": _("Credentials are needed"),
    "AUTH_INVALID": _("The credentials are not valid"),
    "PERMISSION_DENIED": _("Not allowed"),
    "RESOURCE_NOT_FOUND": _("Not found"),
    "VALIDATION_ERROR": _("The request is wrong"),
    "CONFLICT": _("Not possible as things stand"),
    "RATE_LIMIT": _("Too many requests"),
    "SERVER_ERROR": _("A fault on our side"),
}
_WANTED = re.compile(r"\s*application/problem\+json\s*(;.*)?", re.IGNORECASE)
_UNWANTED = re.compile(r";\s*q\s*=\s*0(\.0*)?\s*(;|$)", re.IGNORECASE)


def answer(request: HttpRequest | Request, fault: Fault) -> HttpResponse:
    """The response, in the form that the caller asked for."""
    if wants_problem(request):
        body, content_type = problem_body(fault), PROBLEM
    else:
        body, content_type = error_body(fault), "application/json"
    text = json.dumps(body, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type=content_type, status=fault.status, headers=dict(fault.headers))


def wants_problem(request: HttpRequest | Request) -> bool:
    """Whether the caller names ``application/problem+json`` among what they accept."""
    parts = request.headers.get("Accept", "").split(",")
    return any(_WANTED.fullmatch(part) and not _UNWANTED.search(part) for part in parts)


def problem_body(fault: Fault) -> dict[str, Any]:
    """Problem details (RFC 9457); what the envelope says besides goes into members of our own.

    `errors` names each wrong field; other details keep the name `details`.
    """
    told = fault.details.get("reason")
    # What a field of that name is wrong for is a list.
    reason = told if isinstance(told, str) else None
    body = {
        "type": TYPES + (reason or fault.code.lower()),
        "title": str(TITLES[fault.code]),
        "status": fault.status,
        "detail": fault.message,
    }
    if request_id := structlog.contextvars.get_contextvars().get("request_id"):
        body["instance"] = quote(str(request_id), safe="")
    is_about_fields = fault.code == "VALIDATION_ERROR" and fault.details and reason is None
    more = "errors" if is_about_fields else "details"
    return {**body, "code": fault.code, more: fault.details, "timestamp": timestamp()}
