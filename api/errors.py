"""Every refusal leaves this door in one envelope: ``{"error": {code, message, details, timestamp}}``."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from bookings.serializers.slots import SlotSerializer
from core.errors import DomainError, Kind

logger = logging.getLogger(__name__)

# kind of refusal → code and status, as the platform's specification names them
CODES: dict[Kind, tuple[str, int]] = {
    Kind.UNAUTHENTICATED: ("AUTH_REQUIRED", 401),
    Kind.BAD_CREDENTIALS: ("AUTH_INVALID", 401),
    Kind.NOT_ALLOWED: ("PERMISSION_DENIED", 403),
    Kind.NOT_FOUND: ("RESOURCE_NOT_FOUND", 404),
    Kind.INVALID: ("VALIDATION_ERROR", 400),
    Kind.CONFLICT: ("CONFLICT", 409),
    Kind.UNAVAILABLE: ("SERVER_ERROR", 503),
}
# Statuses for which the specification has no code of their own: what was sent is wrong.
_CODE_BY_STATUS = {
    401: "AUTH_REQUIRED",
    403: "PERMISSION_DENIED",
    404: "RESOURCE_NOT_FOUND",
    429: "RATE_LIMIT",
}
RETRY_AFTER = "2"


def error_body(code: str, message: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    """The envelope around one error."""
    timestamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"error": {"code": code, "message": message, "details": details or {}, "timestamp": timestamp}}


def envelope(exception: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001  -- DRF's signature
    """DRF's exception handler: the response to an exception, or None for one that nobody foresaw."""
    set_rollback()
    if isinstance(exception, DomainError):
        return _refused(exception)
    if isinstance(exception, OperationalError | InterfaceError):
        return _unavailable(exception)
    if isinstance(exception, RequestDataTooBig):
        return Response(error_body("VALIDATION_ERROR", _("The request is too large.")), status=413)
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    if isinstance(exception, exceptions.APIException):
        return _of_rest_framework(exception)
    return None


def _refused(refusal: DomainError) -> Response:
    code, status = CODES[refusal.kind]
    details = _details(refusal)
    headers = {"Retry-After": RETRY_AFTER} if status == 503 else {}  # noqa: PLR2004  -- an HTTP status
    if status == 401:  # noqa: PLR2004  -- an HTTP status
        headers["WWW-Authenticate"] = "ApiKey"
    return Response(error_body(code, str(refusal), details), status=status, headers=headers)


def _details(refusal: DomainError) -> dict[str, Any]:
    if refusal.kind is Kind.INVALID and "fields" in refusal.data:
        return {name: [str(text) for text in texts] for name, texts in refusal.data["fields"].items()}
    details = {"reason": refusal.reason, **refusal.data}
    if "alternatives" in details:
        details["alternatives"] = SlotSerializer(details["alternatives"], many=True).data
    return details


def _unavailable(error: DatabaseError | InterfaceError) -> Response:
    return Response(_unavailable_body(error), status=503, headers={"Retry-After": RETRY_AFTER})


def _unavailable_body(error: DatabaseError | InterfaceError) -> dict[str, Any]:
    # The class alone: a message of the database may quote the values of a row.
    logger.error("database unavailable: %s", type(error).__name__)
    return error_body("SERVER_ERROR", _("The service is not available at this moment. Please try again."))


def _of_rest_framework(exception: exceptions.APIException) -> Response:
    headers: dict[str, str] = {}
    if auth_header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    status = exception.status_code
    if isinstance(exception, exceptions.ValidationError):
        message, details = _("Some of the input is wrong."), _fields(exception.detail)
    else:
        message, details = str(exception.detail), {}
    if isinstance(exception, exceptions.ParseError):
        message, details = _("The body is not valid JSON."), {"body": [_("The body is not valid JSON.")]}
    code = _CODE_BY_STATUS.get(status, "VALIDATION_ERROR" if status < 500 else "SERVER_ERROR")  # noqa: PLR2004
    return Response(error_body(code, message, details), status=status, headers=headers)


def _fields(detail: Any) -> dict[str, Any]:
    """DRF's errors as ``{field: [texts]}``; errors of no field go by the name ``body``."""
    if not isinstance(detail, dict):
        return {"body": [str(text) for text in detail]}
    return {
        "body" if name == "non_field_errors" else name: [str(text) for text in _flat(texts)]
        for name, texts in detail.items()
    }


def _flat(texts: Any) -> list[Any]:
    if isinstance(texts, dict):
        return [text for inner in texts.values() for text in _flat(inner)]
    return list(texts) if isinstance(texts, list) else [texts]


def _is_ours(request: HttpRequest) -> bool:
    return f"{request.path_info}/".startswith("/api/")


def _json(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse | None:
    if not _is_ours(request):
        return None
    return JsonResponse(error_body(code, message), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    answer = _json(request, 400, "VALIDATION_ERROR", _("The request cannot be understood."))
    return answer or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    answer = _json(request, 403, "PERMISSION_DENIED", _("You may not do this."))
    return answer or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    answer = _json(request, 404, "RESOURCE_NOT_FOUND", _("There is nothing at this address."))
    return answer or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, also for what failed before any view: no word of what went wrong inside."""
    error = sys.exception()
    if _is_ours(request) and isinstance(error, OperationalError | InterfaceError):
        return JsonResponse(_unavailable_body(error), status=503, headers={"Retry-After": RETRY_AFTER})
    if error is not None:
        # Where and what kind, never the message or values: they may name a patient.
        place = "".join(traceback.format_tb(error.__traceback__))
        logger.error("unforeseen %s\n%s", type(error).__name__, place)
    answer = _json(request, 500, "SERVER_ERROR", _("Something went wrong on our side."))
    return answer or defaults.server_error(request)
