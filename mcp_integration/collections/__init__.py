"""The collections that can be read by plain addresses: JSON over HTTP, and MCP's resource templates."""
