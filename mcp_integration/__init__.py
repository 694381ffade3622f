"""The MCP door: tools that an assistant can trust, over every transport."""
