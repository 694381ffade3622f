"""Every refusal leaves this door in one form, whichever layer refused: see `api.problems`."""

import logging
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.csrf import csrf_failure
from rest_framework import exceptions
from rest_framework.views import set_rollback

from api.problems import answer
from bookings.serializers.slots import SlotSerializer
from core.connections import drop_lost_connections
from core.errors import CODES, DomainError, Kind
from core.faults import Fault
from credentials.callers import CHALLENGE

logger = logging.getLogger(__name__)

# Statuses for which the specification has no code of their own: what was sent is wrong.
_CODE_BY_STATUS = {
    401: "AUTH_REQUIRED",
    403: "PERMISSION_DENIED",
    404: "RESOURCE_NOT_FOUND",
    429: "RATE_LIMIT",
}
RETRY_AFTER = "2"

Handler = Callable[..., HttpResponse]


def envelope(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler: the response to an exception, or None for one that nobody foresaw."""
    set_rollback()
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    fault = _fault_of(exception)
    return None if fault is None else answer(context["request"], fault)


def _fault_of(exception: BaseException | None) -> Fault | None:
    if isinstance(exception, DomainError):
        return _refused(exception)
    if isinstance(exception, OperationalError | InterfaceError):
        return _unavailable(exception)
    if isinstance(exception, RequestDataTooBig):
        return Fault("VALIDATION_ERROR", 413, _("The request is too large."))
    if isinstance(exception, exceptions.APIException):
        return _of_rest_framework(exception)
    return None


def _refused(refusal: DomainError) -> Fault:
    code, status = CODES[refusal.kind]
    headers = {}
    if status == 503:  # noqa: PLR2004  -- an HTTP status
        headers["Retry-After"] = RETRY_AFTER
    elif status == 429:  # noqa: PLR2004  -- an HTTP status
        headers["Retry-After"] = str(refusal.data["retry_after"])
    elif status == 401:  # noqa: PLR2004  -- an HTTP status
        headers["WWW-Authenticate"] = CHALLENGE
    return Fault(code, status, str(refusal), _details(refusal), headers)


def _details(refusal: DomainError) -> dict[str, Any]:
    if refusal.kind is Kind.INVALID and "fields" in refusal.data:
        return {name: [str(text) for text in texts] for name, texts in refusal.data["fields"].items()}
    details = {"reason": refusal.reason, **refusal.data}
    if "alternatives" in details:
        details["alternatives"] = SlotSerializer(details["alternatives"], many=True).data
    return details


def _unavailable(error: DatabaseError | InterfaceError) -> Fault:
    # The class alone: a message of the database may quote the values of a row.
    logger.error("database unavailable: %s", type(error).__name__)
    drop_lost_connections(error)
    message = _("The service is not available at this moment. Please try again.")
    return Fault("SERVER_ERROR", 503, message, headers={"Retry-After": RETRY_AFTER})


def _of_rest_framework(exception: exceptions.APIException) -> Fault:
    headers: dict[str, str] = {}
    if auth_header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    status = exception.status_code
    if isinstance(exception, exceptions.ValidationError):
        message, details = _("Some of the input is wrong."), _fields(exception.detail)
    else:
        message, details = str(exception.detail), {}
    if isinstance(exception, exceptions.ParseError):
        message, details = _("The body is not valid JSON."), {"body": [_("The body is not valid JSON.")]}
    code = _CODE_BY_STATUS.get(status, "VALIDATION_ERROR" if status < 500 else "SERVER_ERROR")  # noqa: PLR2004
    return Fault(code, status, message, details, headers)


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


def _answer(request: HttpRequest, fault: Fault) -> HttpResponse | None:
    return answer(request, fault) if _is_ours(request) else None


def _in_their_language(handler: Handler) -> Handler:
    """What fails before the middleware that chooses the language is told in the caller's all the same."""

    @wraps(handler)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if hasattr(request, "LANGUAGE_CODE"):
            return handler(request, *args, **kwargs)
        with translation.override(translation.get_language_from_request(request)):
            return handler(request, *args, **kwargs)

    return handle


@_in_their_language
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    fault = _fault_of(exception) or Fault("VALIDATION_ERROR", 400, _("The request cannot be understood."))
    return _answer(request, fault) or defaults.bad_request(request, exception)


@_in_their_language
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    fault = Fault("PERMISSION_DENIED", 403, _("You may not do this."))
    return _answer(request, fault) or defaults.permission_denied(request, exception)


@_in_their_language
def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    fault = Fault("PERMISSION_DENIED", 403, _("You may not do this."))
    return _answer(request, fault) or csrf_failure(request, reason)


@_in_their_language
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    fault = Fault("RESOURCE_NOT_FOUND", 404, _("There is nothing at this address."))
    return _answer(request, fault) or defaults.page_not_found(request, exception)


@_in_their_language
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, also for what failed before any view: no word of what went wrong inside."""
    error = sys.exception()
    if isinstance(error, OperationalError | InterfaceError):
        fault = _unavailable(error)
        return _answer(request, fault) or _unavailable_page(fault)
    if error is not None:
        # Where and what kind, never the message or values: they may name a patient.
        place = "".join(traceback.format_tb(error.__traceback__))
        logger.error("unforeseen %s\n%s", type(error).__name__, place)
    fault = Fault("SERVER_ERROR", 500, _("Something went wrong on our side."))
    return _answer(request, fault) or defaults.server_error(request)


def _unavailable_page(fault: Fault) -> HttpResponse:
    """The same for a browser. Like the page for a 500 it is made without a request: nothing is looked up."""
    page = render_to_string("503.html")
    return HttpResponse(page, status=fault.status, headers=dict(fault.headers))
