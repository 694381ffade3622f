"""The SDK alone with a tool that answers what it was asked: `python -m benchmarks.mcp_bare PORT`."""

import sys

import uvicorn
from mcp.server import MCPServer

server = MCPServer("bare")


@server.tool()
def echo(text: str) -> dict[str, str]:
    """What was sent."""
    return {"text": text}


if __name__ == "__main__":
    app = server.streamable_http_app(stateless_http=True, json_response=False)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
