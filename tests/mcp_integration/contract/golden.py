"""The tools as the code has them; `python -m tests.mcp_integration.contract.golden` writes `tools.json`.

Whoever changes a tool writes the file anew and looks at the difference: clients were told otherwise before.
"""

import json
import os
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).with_name("tools.json")


def current() -> dict[str, Any]:
    """Everything of each tool that clients rely on."""
    from mcp_integration.tools import ALL_TOOLS  # noqa: PLC0415  -- Django first

    return {
        tool.name: {
            "title": tool.title,
            "group": str(tool.group),
            "place": str(tool.place),
            "hints": {
                "readOnlyHint": tool.hints.read_only,
                "destructiveHint": tool.hints.destructive,
                "idempotentHint": tool.hints.idempotent,
            },
            "scopes": sorted(tool.scopes),
            "roles": sorted(tool.roles),
            "confirms": tool.confirm is not None,
            "suggests": list(tool.suggests),
            "input": tool.input_schema,
            "output": tool.output_schema,
        }
        for tool in ALL_TOOLS
    }


def as_text(contract: dict[str, Any]) -> str:
    """The file's text."""
    return json.dumps(contract, indent=1, ensure_ascii=False, default=str) + "\n"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    GOLDEN.write_text(as_text(current()))
