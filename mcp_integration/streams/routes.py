"""Addresses of the streams."""

from starlette.responses import Response
from starlette.routing import Route

from mcp_integration.gateway.asked import Asked
from mcp_integration.gateway.endpoint import Endpoint
from mcp_integration.gateway.replies import json_reply
from mcp_integration.streams.sse import Sse, admit_by_headers
from mcp_integration.streams.tickets import LIFE, give_ticket


def ticket(asked: Asked) -> Response:
    """A ticket for one stream: ``{ticket, expires_in}``. The hospital is named as for the stream itself."""
    return json_reply({"ticket": give_ticket(admit_by_headers(asked)), "expires_in": LIFE}, status=201)


def routes() -> list[Route]:
    """What the MCP process serves of the streams."""
    return [
        Route("/api/mcp/sse", Sse()),
        Route("/api/mcp/tickets", Endpoint(post=ticket)),
    ]
