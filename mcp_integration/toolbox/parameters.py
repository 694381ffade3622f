"""Parameters that the toolbox adds to a tool's own: which hospital, which try, and a person's yes."""

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from bookings.serializers.fields import WireBoolean, WireId, WireText

if TYPE_CHECKING:
    from mcp_integration.toolbox.tool import Tool

SUBDOMAIN, HOSPITAL_ID = "subdomain", "hospital_id"
IDEMPOTENCY_KEY, CONFIRM = "idempotency_key", "confirm"


def parameters_of(tool: "Tool") -> type[serializers.Serializer]:
    """The serializer of everything that may be sent to a tool."""
    added = _added_to(tool)
    name = f"{tool.takes.__name__.removesuffix('Serializer')}Parameters"
    return type(name, (tool.takes,), {**added, "__doc__": tool.takes.__doc__})


def _added_to(tool: "Tool") -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if not tool.names_hospital_itself and tool.place != "platform":
        fields |= _subdomain() if tool.group == "booking" else _hospital_id()
    if not tool.hints.read_only:
        fields[IDEMPOTENCY_KEY] = WireText(
            required=False, min_length=1, max_length=255,
            help_text="Any text that is new for each new request. Send the SAME one when repeating a request "
            "whose answer did not arrive: it is answered again, not done again.",
        )  # fmt: skip
    if tool.confirm is not None:
        fields[CONFIRM] = WireBoolean(
            required=False, default=False,
            help_text="True once the person has heard what will happen and agreed to it.",
        )  # fmt: skip
    return fields


def _subdomain() -> dict[str, Any]:
    return {
        SUBDOMAIN: WireText(
            required=False,
            max_length=63,
            help_text="Which hospital; leave out when the credentials belong to one.",
        )
    }


def _hospital_id() -> dict[str, Any]:
    return {
        HOSPITAL_ID: WireId(
            required=False, help_text="Which hospital; leave out when the credentials belong to one."
        )
    }
