"""Refusals of the domain, worded late and translated once by each door."""

from enum import StrEnum
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What sort of refusal it is; a door turns it into its own code (an HTTP status, say)."""

    UNAUTHENTICATED = "unauthenticated"
    BAD_CREDENTIALS = "bad_credentials"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    CONFLICT = "conflict"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


# kind of refusal → code and status, as HTTP doors name them (the platform's specification)
CODES: dict[Kind, tuple[str, int]] = {
    Kind.UNAUTHENTICATED: ("AUTH_REQUIRED", 401),
    Kind.BAD_CREDENTIALS: ("AUTH_INVALID", 401),
    Kind.NOT_ALLOWED: ("PERMISSION_DENIED", 403),
    Kind.NOT_FOUND: ("RESOURCE_NOT_FOUND", 404),
    Kind.INVALID: ("VALIDATION_ERROR", 400),
    Kind.CONFLICT: ("CONFLICT", 409),
    Kind.LIMITED: ("RATE_LIMIT", 429),
    Kind.UNAVAILABLE: ("SERVER_ERROR", 503),
}


class DomainError(Exception):
    """A refusal: its kind, a stable machine `reason`, a text and data that a caller may act on.

    `data` holds plain values or values that a serializer can represent; never personal data.
    The text is lazy: it becomes a string in a door, in the caller's language, as `str(error)`.
    """

    kind: ClassVar[Kind] = Kind.INVALID
    reason: str = "invalid"
    text: str | Promise = _("This cannot be done.")

    def __init__(self, **data: Any) -> None:
        super().__init__(self.reason)
        self.data = data

    def __str__(self) -> str:
        return str(self.text)


class NotFound(DomainError):
    """It is not there, or the caller may not know that it is."""

    kind = Kind.NOT_FOUND
    reason = "not_found"
    text = _("There is no such thing here.")


class NotAllowed(DomainError):
    """The caller is known and may see the thing, but may not do this."""

    kind = Kind.NOT_ALLOWED
    reason = "not_allowed"
    text = _("You may not do this.")


class InvalidInput(DomainError):
    """Input that cannot be right. `fields` maps each field's name to a list of lazy texts."""

    kind = Kind.INVALID
    reason = "invalid"
    text = _("Some of the input is wrong.")

    def __init__(self, **fields: str | Promise) -> None:
        super().__init__(fields={name: [text] for name, text in fields.items()})


class Busy(DomainError):
    """Somebody else holds what is needed for longer than a caller should wait; trying again helps."""

    kind = Kind.UNAVAILABLE
    reason = "busy"
    text = _("Many people are booking at this moment. Please try again.")
