"""Resources: what can be read by an address instead of by calling a tool."""

from mcp_integration.resources.reading import listed, read, templates

__all__ = ["listed", "read", "templates"]
