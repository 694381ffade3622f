"""Refusals as a model can act on them: what is wrong, whether trying again helps, and what to do next.

No stack, no word of what went wrong inside, and nothing of what was sent: it may be about a patient.
"""

import logging
import traceback
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail, ValidationError

from bookings.serializers.slots import SlotSerializer
from core.connections import drop_lost_connections
from core.errors import CODES, DomainError, Kind, NotFound
from mcp_integration.toolbox.untrusted import without_hidden

logger = logging.getLogger(__name__)

Refusal = dict[str, Any]

# How long to wait before trying again what failed on our side (seconds).
SOON: Final = 2


class ToolNotFound(NotFound):
    """No tool goes by that name here."""

    reason = "tool_not_found"
    text = gettext_lazy("There is no tool of this name here.")


class ToolNotAllowed(DomainError):
    """The key or the role may not use this tool; `scopes` of keys would open it."""

    kind = Kind.NOT_ALLOWED
    reason = "tool_not_allowed"
    text = gettext_lazy("This API key, or your role, may not use this tool.")


class ConfirmationRequired(DomainError):
    """What the tool does cannot be undone, and nobody has said yes to it; `question` is what to ask."""

    kind = Kind.CONFLICT
    reason = "confirmation_required"
    text = gettext_lazy("This cannot be undone: ask the person first.")


# reason or code → what to do next. Tools are named as they are called; every text is ours.
_NEXT: dict[str, Any] = {
    "tool_not_found": gettext_lazy("List the tools and choose one of them."),
    "tool_not_allowed": gettext_lazy("Use another tool, or ask whoever manages the API keys for the scope."),
    "confirmation_required": gettext_lazy(
        "Ask the person the question; after a yes, call the tool again with confirm=true."
    ),
    "slot_taken": gettext_lazy("Offer the alternatives, or call check_availability again."),
    "day_full": gettext_lazy("Offer the alternatives: they are on other days, or with other providers."),
    "patient_busy": gettext_lazy("Offer the alternatives, or move the patient's other booking first."),
    "hold_expired": gettext_lazy("Call check_availability, then hold_slot again."),
    "hold_not_found": gettext_lazy("Call check_availability, then hold_slot again."),
    "event_type_not_found": gettext_lazy("Call get_event_types for the ids."),
    "provider_not_found": gettext_lazy("Call get_event_types: it names who provides what."),
    "booking_not_found": gettext_lazy(
        "Check the reference with the person, or call search_appointments with their phone number."
    ),
    "illegal_status": gettext_lazy("Choose one of the allowed statuses, or tell the person how it stands."),
    "hospital_not_found": gettext_lazy("Leave the hospital out if the credentials belong to one."),
    "user_not_found": gettext_lazy("Call list_users for the ids."),
    "own_account": gettext_lazy("Tell the person that another administrator has to do this."),
    "last_administrator": gettext_lazy(
        "Make another administrator first, with create_user or update_user; then call again."
    ),
    "doctor_not_found": gettext_lazy("Call list_doctors for the ids."),
    "specialty_not_found": gettext_lazy("Call list_specialties for the ids and codes."),
    "specialty_exists": gettext_lazy("Use the one that list_specialties shows, or choose another code."),
    "plan_not_found": gettext_lazy("Call list_subscription_plans for the ids."),
    "plan_not_offered": gettext_lazy("Call list_subscription_plans with is_active=true and choose another."),
    "plan_too_small": gettext_lazy("Choose a larger plan of list_subscription_plans."),
    "plan_limit_reached": gettext_lazy(
        "Tell the person that the hospital needs a larger plan first: update_subscription."
    ),
    "already_subscribed": gettext_lazy("Call update_subscription with the subscription_id of the details."),
    "subscription_over": gettext_lazy("Make a new one with create_subscription."),
    "cancelled_already": gettext_lazy("Tell the person that it ends with its period already."),
    "hospital_inactive": gettext_lazy("Tell the person that this hospital takes no bookings at present."),
    "idempotency_key_reused": gettext_lazy("Use a new idempotency_key for a new request."),
    "AUTH_REQUIRED": gettext_lazy("Send an API key or an access token."),
    "AUTH_INVALID": gettext_lazy("Ask whoever set up this connection for a valid key."),
    "PERMISSION_DENIED": gettext_lazy("Tell the person that these credentials may not do this."),
    "RESOURCE_NOT_FOUND": gettext_lazy("Check the id: list or search first."),
    "VALIDATION_ERROR": gettext_lazy("Correct the named fields and call again."),
    "CONFLICT": gettext_lazy("Offer the alternatives if there are some, or ask the person what to do."),
    "RATE_LIMIT": gettext_lazy("Wait for retry_after seconds, then call again."),
    "SERVER_ERROR": gettext_lazy("Wait a moment, then call again with the same idempotency_key."),
}
_HELPED_BY_WAITING = {"try_again", "busy"}


def refusal_of(error: Exception) -> Refusal:
    """``{code, message, retryable, next, …}`` for whatever was raised. What nobody foresaw is logged."""
    if isinstance(error, ValidationError):
        return _invalid(_fields(error.detail))
    if isinstance(error, DomainError):
        return _refused(error)
    if isinstance(error, OperationalError | InterfaceError):
        # The class alone: a message of the database may quote the values of a row.
        logger.error("database unavailable: %s", type(error).__name__)
        drop_lost_connections(error)
        return _failed(_("The service is not available at this moment. Please try again."), "unavailable")
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("unforeseen %s\n%s", type(error).__name__, place)
    return _failed(_("Something went wrong on our side."), "server_error")


def _refused(error: DomainError) -> Refusal:
    if error.kind is Kind.INVALID and "fields" in error.data:
        return _invalid({name: [str(text) for text in texts] for name, texts in error.data["fields"].items()})
    code, _status = CODES[error.kind]
    details = dict(error.data)
    told: Refusal = {}
    if "alternatives" in details:
        slots = SlotSerializer()
        told["alternatives"] = [slots.to_representation(slot) for slot in details.pop("alternatives")]
    if "retry_after" in details:
        told["retry_after"] = details["retry_after"]
    helped = error.kind in (Kind.UNAVAILABLE, Kind.LIMITED) or error.reason in _HELPED_BY_WAITING
    if error.kind is Kind.UNAVAILABLE:
        told["retry_after"] = SOON
    return {**_told(code, str(error), error.reason, retryable=helped), **told, "details": details}


def _invalid(fields: dict[str, list[str]]) -> Refusal:
    message = _("Some of the input is wrong.")
    return {**_told("VALIDATION_ERROR", message, "invalid", retryable=False), "details": fields}


def _failed(message: str, reason: str) -> Refusal:
    return {
        **_told("SERVER_ERROR", message, reason, retryable=True),
        "retry_after": SOON,
        "details": {},
    }


def _told(code: str, message: str, reason: str, *, retryable: bool) -> Refusal:
    what_next = _NEXT.get(reason) or _NEXT[code]
    return {
        "code": code, "message": message, "reason": reason, "retryable": retryable, "next": str(what_next),
    }  # fmt: skip


def _fields(detail: Any, name: str = "") -> dict[str, list[str]]:
    """DRF's errors by dotted path of the field; those of no field go by the name ``arguments``."""
    found: dict[str, list[str]] = {}
    if isinstance(detail, dict):
        for key, inner in detail.items():
            part = (
                name if key == "non_field_errors" else f"{name}.{key}" if name else without_hidden(str(key))
            )
            found |= _fields(inner, part)
        return found
    inner = detail if isinstance(detail, list) else [detail]
    for number, one in enumerate(inner):
        if isinstance(one, dict | list):
            found |= _fields(one, f"{name}.{number}")
        else:
            found.setdefault(name or "arguments", []).append(_without_echo(one))
    return found


def _without_echo(text: Any) -> str:
    # DRF's own text for a choice that there is not repeats what was sent.
    if isinstance(text, ErrorDetail) and text.code == "invalid_choice":
        return _("This is not one of the possible values.")
    return str(text)
