"""The guide to the MCP server says what is so, and its program works."""

import asyncio
import re

from accounts.permissions import Role
from core.errors import CODES
from mcp_integration.invoking import tool_named
from mcp_integration.prompts.prompts import ALL_PROMPTS
from mcp_integration.resources.gathered import ITEM_OF, PAGE_OF
from mcp_integration.tools import ALL_TOOLS
from tenants.context import inside
from tests.conftest import make_api_key
from tests.docs.guides import ROOT, blocks
from tests.mcp_integration.access.doors import serving_everything
from tests.support.catalogue import coming_day, make_practitioner, make_service

GUIDE = ROOT / "docs/mcp.md"
TEXT = GUIDE.read_text()
NUMBERS = {7: "seven", 34: "thirty-four"}


def test_the_guide_names_every_code_prompt_and_template():
    codes = set(re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE))

    assert codes == {code for code, _status in CODES.values()} | {"SERVER_ERROR"}
    for prompt in ALL_PROMPTS:
        assert re.search(rf"^\| `{prompt.name}` \|", TEXT, re.MULTILINE)
        for name in prompt.takes().fields:
            assert f"`{name}`" in TEXT
    assert f"`{PAGE_OF}`" in TEXT
    assert f"`{ITEM_OF}`" in TEXT


def test_the_guide_counts_the_tools_of_the_groups():
    for group in ("booking", "healthcare"):
        count = sum(tool.group == group for tool in ALL_TOOLS)
        assert NUMBERS[count] in TEXT


def test_every_tool_that_the_voice_agent_s_prompt_names_is_one_for_booking():
    (prompt,) = [block[2] for block in blocks(TEXT, "text")]
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", prompt))
    tools = {name for name in named if tool_named(name) is not None}

    assert tools == {tool.name for tool in ALL_TOOLS if tool.group == "booking"}
    assert {"hold_id", "idempotency_key"} <= named
    assert prompt.index("1669") < prompt.index("Booking:")


def test_the_program_of_the_guide_finds_free_times(fresh_hospital, monkeypatch):
    (program,) = [block[2] for block in blocks(TEXT, "python")]
    with inside(fresh_hospital):
        make_service(make_practitioner(), slug="check-up")
        day = coming_day().isoformat()
    with serving_everything() as port:
        monkeypatch.setenv("NADMOR_MCP", f"http://127.0.0.1:{port}/mcp")
        monkeypatch.setenv("KEY", make_api_key(fresh_hospital))
        defined: dict = {"__name__": "guide"}
        exec(program, defined)  # noqa: S102  -- the guide is ours

        assert asyncio.run(defined["free_times"](day))[:2] == ["09:00", "09:30"]


def test_the_guide_to_the_tools_has_each_with_its_roles():
    text = (ROOT / "docs/mcp-tools.md").read_text()

    for tool in ALL_TOOLS:
        assert f"\n## {tool.name}\n" in text
    assert all(role in text for role in Role.values)
