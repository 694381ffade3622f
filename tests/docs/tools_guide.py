"""docs/mcp-tools.md, written out of the tools themselves: each is called once in a hospital of the tests."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from mcp_integration.toolbox.tool import Tool
from mcp_integration.tools import ALL_TOOLS
from tests.docs.guides import ROOT

GUIDE = ROOT / "docs/mcp-tools.md"
# The story plays so far ahead that nothing in it depends on today; 56 years make the same calendar.
STAGE_YEAR, SHOWN_YEAR = "2083", "2027"
DAY, LATER = f"{STAGE_YEAR}-06-01", f"{STAGE_YEAR}-06-02"
_SHOWN_TODAY = "2027-05-20"
# How many of a list are shown.
_SOME = 2

_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_REFERENCE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d)(\.\d+)?(?=[+Z])")
_DATE = re.compile(r"\b(\d{4})-\d\d-\d\d\b")
_CURSOR = re.compile(r'("next_cursor": )"[^"]+"')
# Of the period up to today: how much that is depends on the day.
_OFFERED = re.compile(r'("offered_minutes": )[1-9]\d*')

_INTRODUCTION = """# The tools, one by one

Written by a test out of the tools and out of what they answered to it; what is longer than two entries is cut
there. How to connect, who may do what, and what refusals mean: [mcp.md](mcp.md).

`subdomain` and `hospital_id` are left out where the credentials belong to one hospital. `idempotency_key` is
any text of yours: send the same one when you repeat a request, and it is not done twice. Fields named
`untrusted_…` hold what people outside wrote.

"""

Story = Callable[[Tool], tuple[dict[str, Any], dict[str, Any]]]


def written(story: Story) -> str:
    """The whole page. `story` calls a tool as its example says, and gives arguments and answer."""
    names: dict[str, str] = {}
    parts = [_INTRODUCTION + _table_of_contents()]
    for tool in ALL_TOOLS:
        arguments, answer = story(tool)
        parts.append(_section(tool, _shown(arguments, names), _shown(_cut(answer), names)))
    return "\n".join(parts)


def _table_of_contents() -> str:
    rows = [f"| [`{tool.name}`](#{tool.name}) | {tool.title} | {_hints(tool)} |" for tool in ALL_TOOLS]
    return "\n".join(["| tool | does | |", "|---|---|---|", *rows, ""])


def _section(tool: Tool, arguments: str, answer: str) -> str:
    about = tool.description.partition(" Example:")[0]
    return "\n".join([
        f"## {tool.name}", "", about, "", *_access(tool), "", *_parameters(tool), "",
        "```json", arguments, "```", "", "answers", "", "```json", answer, "```", "",
    ])  # fmt: skip


def _access(tool: Tool) -> Iterator[str]:
    scopes = ", ".join(f"`{scope}`" for scope in tool.scopes) or "–"
    roles = ", ".join(tool.roles) or "–"
    yield f"Keys with {scopes}; people: {roles}. {_hints(tool).capitalize()}."
    if tool.suggests:
        yield f"Usually next: {', '.join(f'[`{name}`](#{name})' for name in tool.suggests)}."


def _hints(tool: Tool) -> str:
    if tool.hints.read_only:
        return "reads only"
    words = "cannot be undone" if tool.hints.destructive else "writes"
    return f"{words}; asks for `confirm`" if tool.confirm is not None else words


def _parameters(tool: Tool) -> Iterator[str]:
    fields = tool.input_schema["properties"]
    if not fields:
        yield "It takes nothing."
        return
    required = tool.input_schema.get("required", ())
    yield "| parameter | | type | what |"
    yield "|---|---|---|---|"
    for name, field in fields.items():
        need = "required" if name in required else ""
        about = field.get("description", "").replace("|", "\\|")
        yield f"| `{name}` | {need} | {_type(field)} | {about} |"


def _type(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(f"`{word}`" for word in field["enum"] if word is not None)
    kind = field.get("type", "anything")
    kinds = [one for one in (kind if isinstance(kind, list) else [kind]) if one != "null"]
    if kinds == ["array"]:
        return f"list of {_type(field['items'])}"
    form = {"uuid": "UUID", "date": "YYYY-MM-DD", "email": "e-mail"}.get(field.get("format", ""), "")
    return form or {"string": "text", "integer": "number"}.get(kinds[0], kinds[0])


def _cut(value: Any) -> Any:
    """A value with no more of any list than is shown."""
    if isinstance(value, dict):
        return {name: _cut(inner) for name, inner in value.items()}
    return [_cut(inner) for inner in value[:_SOME]] if isinstance(value, list) else value


def _shown(value: Any, names: dict[str, str]) -> str:
    """A value as JSON without what differs from one run to the next: ids, references, today."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    text = _UUID.sub(lambda found: names.setdefault(found[0], _numbered(len(names) + 1)), text)
    text = _REFERENCE.sub("K7QM-4TXR", text)
    text = _CURSOR.sub(r'\1"MjAyNy0wNi0wMVQwOTowMDowMCswNzowMHww…"', text)
    text = _OFFERED.sub(r"\g<1>8820", text)
    text = _MOMENT.sub(_moment, text)
    text = _DATE.sub(_date, text)
    return text.replace(STAGE_YEAR, SHOWN_YEAR)


def _numbered(number: int) -> str:
    return f"7d0f6a0c-4a83-4b1c-9f5f-{number:012x}"


def _moment(found: re.Match[str]) -> str:
    if found[1].startswith(STAGE_YEAR):
        return found[0]
    return f"{_SHOWN_TODAY}T09:15:00"


def _date(found: re.Match[str]) -> str:
    # The past of the story is written out; everything near today is not.
    is_fixed = found[1] == STAGE_YEAR or int(found[1]) < _FIRST_YEAR
    return found[0] if is_fixed else _SHOWN_TODAY


_FIRST_YEAR = 2025
