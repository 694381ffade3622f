"""Tools and what comes of calling them, as the protocol words them."""

import json
from typing import Any

from mcp.types import CallToolResult, TextContent, ToolAnnotations
from mcp.types import Tool as ToolOnWire

from mcp_integration.invoking import Outcome
from mcp_integration.server.slots_app import SLOTS_TOOL, SLOTS_URI
from mcp_integration.toolbox.refusals import Refusal
from mcp_integration.toolbox.tool import Tool

# Under this name a result says which tools usually come next, of those that the caller may use.
NEXT = "nadmor/next"

_made: dict[tuple[str, bool], ToolOnWire] = {}


def on_wire(tool: Tool, *, with_apps: bool) -> ToolOnWire:
    """A tool as `tools/list` shows it; `with_apps`: the client may show pages of ours."""
    shows = with_apps and tool.name == SLOTS_TOOL
    if (made := _made.get((tool.name, shows))) is None:
        made = _made[tool.name, shows] = _worded(tool, shows_slots=shows)
    return made


def _worded(tool: Tool, *, shows_slots: bool) -> ToolOnWire:
    return ToolOnWire(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=ToolAnnotations(
            title=tool.title,
            read_only_hint=tool.hints.read_only,
            destructive_hint=tool.hints.destructive,
            idempotent_hint=tool.hints.idempotent,
            # What is asked and changed stands in this hospital's own books.
            open_world_hint=False,
        ),
        _meta={"ui": {"resourceUri": SLOTS_URI}} if shows_slots else None,
    )


def result_of(outcome: Outcome) -> CallToolResult:
    """A result as text and as structure, or an error: in both, because some clients read one of them only."""
    if outcome.error is not None:
        return error_result(outcome.error)
    result = outcome.result or {}
    return CallToolResult(
        content=[_text(outcome.text), _text(as_json(result))],
        structured_content=result,
        _meta={NEXT: list(outcome.suggests)} if outcome.suggests else None,
    )


def error_result(refusal: Refusal) -> CallToolResult:
    """A refusal as a tool's own answer, not as one of the protocol: models see the former alone."""
    told = {"error": refusal}
    return CallToolResult(content=[_text(as_json(told))], structured_content=told, is_error=True)


def as_json(value: Any) -> str:
    """A value as compact JSON; letters of every script as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)
