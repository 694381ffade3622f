"""A request as the gateway's handlers see it: complete, and ready for a thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.faults import Fault
from core.strict_json import GivenTwice, NotJson, read_json
from mcp_integration.gateway.faults import Refused, wrong


@dataclass(frozen=True, slots=True)
class Asked:
    """What came, with its body whole. Header names are in lower case; `parts` are those of the path.

    `address` is the caller's as far as it can be believed; `language` the one asked for, if any.
    """

    method: str
    path: str
    parts: Mapping[str, Any]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    address: str
    language: str | None

    def json(self, *names: str) -> dict[str, Any]:
        """The body as an object, with no other than these names if there are some. Raises `Refused`."""
        value = self._value()
        if not isinstance(value, dict):
            raise Refused(wrong(body=_("Send a JSON object.")))
        if names:
            check_names(value, names)
        return value

    def _value(self) -> Any:
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json" or self.headers.get("content-encoding", "identity") != "identity":
            raise Refused(Fault("VALIDATION_ERROR", 415, _("Send JSON: Content-Type application/json.")))
        try:
            return read_json(self.body)
        except NotJson as error:
            raise Refused(
                wrong(_("The body is not valid JSON."), body=_("The body is not valid JSON."))
            ) from error
        except GivenTwice as error:
            raise Refused(wrong(**{error.field: _("This field is given twice.")})) from error


def check_names(value: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Refuse an object with a name that is not among these. Raises `Refused`."""
    if unknown := [name for name in value if name not in names]:
        raise Refused(wrong(**{printable(name): _("There is no such parameter.") for name in unknown[:5]}))


def printable(name: str) -> str:
    """A name as it came, fit to be said back: short and without what hides."""
    return "".join(letter for letter in name[:40] if letter.isprintable()) or "?"
