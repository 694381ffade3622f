"""Prompts: named ways through several tools, for people to choose in their client.

The server calls the three functions here, with the caller's language active.
"""

from mcp_integration.prompts.prompts import complete, listed, render

__all__ = ["complete", "listed", "render"]
