"""What comes over a socket, read strictly: one JSON object a message, each kind with its own fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from core.faults import Fault
from core.strict_json import GivenTwice, NotJson, read_json
from mcp_integration.gateway.asked import check_names
from mcp_integration.gateway.faults import Refused, wrong

# Bytes of one message. The server's own limit (runmcpserver) is above it, so that whoever is over it is told.
LARGEST: Final = 64 * 1024
_LONGEST_ID: Final = 64
_LARGEST_NUMBER: Final = 2**53

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "auth": ("type", "token", "hospital_id", "subdomain"),
    "tool_invoke": ("type", "request_id", "tool", "params"),
    "subscribe": ("type", "resource"),
    "unsubscribe": ("type", "resource"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a client: its kind, and its fields."""

    kind: str
    fields: dict[str, Any]


def read_message(text: str | None) -> Said:
    """What a message says; None for one that is no text. Raises `Refused`."""
    if text is None:
        raise Refused(wrong(_("Send text messages, not binary ones.")))
    if len(text) > LARGEST or len(text.encode()) > LARGEST:
        details = {"reason": "message_too_large", "retryable": False, "limit": LARGEST}
        raise Refused(Fault("VALIDATION_ERROR", 413, _("The message is too large."), details))
    value = _object(text)
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        raise Refused(wrong(type=_("There is no such type of message.")))
    check_names(value, FIELDS[kind])
    return Said(kind, value)


def request_id_of(fields: Mapping[str, Any]) -> str | int:
    """The id that the answer will carry. Raises `Refused`."""
    given = fields.get("request_id")
    if isinstance(given, str) and 1 <= len(given) <= _LONGEST_ID and given.isprintable():
        return given
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) < _LARGEST_NUMBER:
        return given
    raise Refused(wrong(request_id=_("Send a text of 1 to 64 characters, or a whole number.")))


def text_of(fields: Mapping[str, Any], name: str, *, longest: int) -> str:
    """A text that has to be there. Raises `Refused`."""
    given = fields.get(name)
    if not isinstance(given, str) or not 1 <= len(given) <= longest:
        raise Refused(wrong(**{name: _("Send a text.")}))
    return given


def _object(text: str) -> dict[str, Any]:
    try:
        value = read_json(text)
    except NotJson as error:
        raise Refused(wrong(_("The message is not valid JSON."))) from error
    except GivenTwice as error:
        raise Refused(wrong(**{error.field: _("This field is given twice.")})) from error
    if not isinstance(value, dict):
        raise Refused(wrong(_("Send a JSON object.")))
    return value
