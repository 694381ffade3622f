"""One client on stdin and stdout, acting with one key."""

from mcp.server.stdio import stdio_server

from mcp_integration.server.callers import ByKey
from mcp_integration.server.protocol import Groups, make_server


async def serve_stdio(key: str, groups: Groups = None) -> None:
    """Serve until stdin ends. Nothing but the protocol's messages goes to stdout meanwhile."""
    server = make_server(ByKey(key), groups)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
