"""The toolbox's refusals, and those of the gateway itself, in the platform's envelope."""

from dataclasses import replace
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import CODES
from core.faults import Fault, error_body
from credentials.callers import CHALLENGE
from mcp_integration.toolbox.refusals import Refusal, refusal_of

_STATUS = dict(CODES.values())
_ABOUT = ("reason", "retryable", "next", "alternatives", "retry_after")
_CORRECT = gettext_lazy("Correct the named fields and call again.")


class Refused(Exception):
    """What the domain has no word for: a body that is no JSON, a method that there is not."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def fault_of(error: Exception) -> Fault:
    """What was raised, as it is answered, in the language that is spoken at this moment."""
    if isinstance(error, Refused):
        return error.fault
    fault = fault_of_refusal(refusal_of(error))
    is_away = isinstance(error, OperationalError | InterfaceError)
    return replace(fault, status=503) if is_away else fault


def fault_of_refusal(refusal: Refusal) -> Fault:
    """A refusal of the toolbox. What it says to do stands in the details, wrong fields under `fields`."""
    details: dict[str, Any] = {name: refusal[name] for name in _ABOUT if name in refusal}
    if refusal["code"] == "VALIDATION_ERROR" and refusal["reason"] == "invalid":
        details["fields"] = refusal["details"]
    else:
        details = {**refusal["details"], **details}
    status = 500 if refusal["reason"] == "server_error" else _STATUS[refusal["code"]]
    headers = {"WWW-Authenticate": CHALLENGE} if status == 401 else {}  # noqa: PLR2004  -- an HTTP status
    if "retry_after" in refusal:
        headers["Retry-After"] = str(refusal["retry_after"])
    return Fault(refusal["code"], status, refusal["message"], details, headers)


def wrong(message: str = "", /, **fields: str) -> Fault:
    """Fields that are wrong, each with what is wrong with it."""
    named = {name: [text] for name, text in fields.items()}
    details = {"reason": "invalid", "retryable": False, "next": str(_CORRECT), "fields": named}
    return Fault("VALIDATION_ERROR", 400, message or _("Some of the input is wrong."), details)


def error_of(fault: Fault) -> dict[str, Any]:
    """What stands under `error`: in an answer of a batch, in a message of a socket."""
    inner: dict[str, Any] = error_body(fault)["error"]
    return inner
