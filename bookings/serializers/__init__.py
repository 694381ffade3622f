"""The published language: REST, MCP and webhooks all speak it."""
