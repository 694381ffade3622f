"""Our server with one tool more, which does nothing: `python -m benchmarks.mcp_ours PORT`."""

import sys
from typing import Any

import django
import uvicorn

django.setup()

from rest_framework import serializers  # noqa: E402  -- Django first

from mcp_integration import invoking  # noqa: E402
from mcp_integration.toolbox.tool import READ, Group, Tool  # noqa: E402
from mcp_integration.tools import ALL_TOOLS  # noqa: E402


class TextSerializer(serializers.Serializer):
    """A text."""

    text = serializers.CharField(help_text="Any.")


def _nothing(call: Any) -> Any:
    return {"text": call.data["text"]}


NOTHING = Tool(
    name="do_nothing",
    title="Do nothing",
    description="Answers what it was asked.",
    group=Group.BOOKING,
    hints=READ,
    needs=("catalogue.read",),
    takes=TextSerializer,
    gives=TextSerializer,
    run=_nothing,
    says=lambda _result: "Nothing was done.",
    example={"text": "x"},
)

if __name__ == "__main__":
    # In this process alone: nobody else's register knows the tool.
    vars(invoking)["ALL_TOOLS"] = (*ALL_TOOLS, NOTHING)
    invoking._BY_NAME[NOTHING.name] = NOTHING  # noqa: SLF001  -- there is no door to it, on purpose
    from config.asgi import compose  # after the lines above

    app = compose(groups=frozenset({"booking", "healthcare"}))
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False)
