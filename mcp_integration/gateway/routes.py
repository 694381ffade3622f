"""Addresses of the gateway."""

from django.conf import settings
from starlette.routing import Route, WebSocketRoute

from mcp_integration.gateway.endpoint import Endpoint
from mcp_integration.gateway.invoking import invoke_one, invoke_several, list_tools
from mcp_integration.gateway.resources import read_counted, read_many, read_one
from mcp_integration.gateway.socket import Socket


def routes() -> list[Route | WebSocketRoute]:
    """Whatever the MCP process serves of the gateway."""
    served: list[Route | WebSocketRoute] = [
        Route("/api/mcp/tools/invoke", Endpoint(post=invoke_one)),
        Route("/api/mcp/batch", Endpoint(post=invoke_several)),
        Route("/api/tools", Endpoint(get=list_tools)),
        Route("/api/mcp/resources/analytics/{name}", Endpoint(get=read_counted)),
        Route("/api/mcp/resources/{name}", Endpoint(get=read_many)),
        Route("/api/mcp/resources/{name}/{key}", Endpoint(get=read_one)),
    ]
    if settings.MCP_WEBSOCKET_ENABLED:
        served.append(WebSocketRoute("/api/mcp/ws", Socket()))
    return served
