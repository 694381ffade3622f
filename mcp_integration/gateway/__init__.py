"""JSON over HTTP and WebSocket, for programs that use the tools without speaking MCP."""
