"""What clients were told about the tools is what the tools are."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from apikeys.scopes import SCOPES
from mcp_integration.invoking import tool_named
from mcp_integration.toolbox.tool import Tool
from mcp_integration.tools import ALL_TOOLS
from tests.mcp_integration.contract.golden import GOLDEN, as_text, current
from tests.mcp_integration.contract.promised import (
    BESIDES,
    BOOKING,
    CHOICES,
    DESTRUCTIVE,
    GROWN,
    HEALTHCARE,
    PROMISED,
    READ_ONLY,
    Promise,
)

# What the toolbox adds to a tool's own parameters.
ADDED = {"subdomain", "hospital_id", "idempotency_key", "confirm"}
PAGES = {"cursor", "limit"}

every_tool = pytest.mark.parametrize("tool", ALL_TOOLS, ids=lambda tool: tool.name)
every_promise = pytest.mark.parametrize(("name", "promise"), (PROMISED | BESIDES).items())


def described(schema: dict[str, Any], at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of a schema with its path, those inside of objects and lists too."""
    for name, field in schema.get("properties", {}).items():
        yield f"{at}.{name}", field
        yield from described(field, f"{at}.{name}")
    if isinstance(items := schema.get("items"), dict):
        yield from described(items, f"{at}[]")


def test_there_are_the_forty_tools_and_hold_slot():
    assert len(PROMISED) == 40
    assert [tool.name for tool in ALL_TOOLS if tool.name not in PROMISED] == ["hold_slot"]
    assert PROMISED.keys() <= {tool.name for tool in ALL_TOOLS}
    assert len({tool.name for tool in ALL_TOOLS}) == len(ALL_TOOLS)


@every_promise
def test_a_tool_stands_in_its_group(name: str, promise: Promise):
    tool = tool_named(name)

    assert tool is not None
    assert tool.group == ("booking" if name in BOOKING | BESIDES else "healthcare")
    assert (name in HEALTHCARE) == (tool.group == "healthcare")


@every_promise
def test_a_tool_takes_what_it_promises(name: str, promise: Promise):
    tool = tool_named(name)
    assert tool is not None
    schema = tool.input_schema
    there, required = set(schema["properties"]), set(schema.get("required", ()))
    must, may = set(promise.required.split()), set(promise.optional.split())

    assert must | may <= there
    # A hospital is named by credentials that belong to one.
    assert required | {"hospital_id"} == must | {"hospital_id"}
    if not promise.more:
        assert there - must - may - ADDED - PAGES == GROWN.get(name, set())
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("place", CHOICES, ids=".".join)
def test_a_parameter_takes_the_promised_words(place):
    name, parameter = place
    words = CHOICES[place]
    tool = tool_named(name)
    assert tool is not None

    assert words <= set(tool.input_schema["properties"][parameter]["enum"])


@every_tool
def test_hints_tell_the_truth(tool: Tool):
    assert tool.hints.read_only == (tool.name in READ_ONLY)
    assert tool.hints.destructive == (tool.name in DESTRUCTIVE)
    assert (tool.confirm is not None) == (tool.name in DESTRUCTIVE)
    assert ("idempotency_key" in tool.input_schema["properties"]) == (tool.name not in READ_ONLY)


@every_tool
def test_schemas_are_valid_and_every_parameter_is_described(tool: Tool):
    for schema in (tool.input_schema, tool.output_schema):
        Draft202012Validator.check_schema(schema)
        json.dumps(schema)
        assert schema["type"] == "object"
    bare = [at for at, field in described(tool.input_schema, tool.name) if not field.get("description")]
    assert bare == []


@every_tool
def test_the_example_is_a_call_that_the_schema_takes(tool: Tool):
    Draft202012Validator(tool.input_schema, format_checker=FormatChecker()).validate(tool.example)


@every_tool
def test_a_model_can_tell_what_a_tool_is_for(tool: Tool):
    assert len(tool.name) <= 64
    assert tool.name.isidentifier()
    assert tool.name.islower()
    assert tool.title
    assert 100 <= len(tool.description) <= 1500
    assert "xample" in tool.description


@every_tool
def test_a_tool_is_open_to_somebody(tool: Tool):
    assert tool.scopes or tool.roles
    assert set(tool.scopes) <= SCOPES.keys()
    assert all(tool_named(name) is not None for name in tool.suggests)


@every_tool
def test_a_list_comes_in_pages(tool: Tool):
    answers, asks = tool.output_schema["properties"], tool.input_schema["properties"]
    if "next_cursor" in answers:
        assert {"results", "count", "next_cursor"} <= set(answers)
        assert set(asks) >= PAGES
        assert asks["limit"]["maximum"] <= 100
    if "cursor" in asks:
        assert "next_cursor" in answers


def test_nothing_has_changed_unseen():
    """After a change: python -m tests.mcp_integration.contract.golden, and look at the difference."""
    told = json.loads(GOLDEN.read_text())
    real = json.loads(as_text(current()))

    assert list(told) == list(real)
    for name, contract in real.items():
        assert told[name] == contract, name
