"""The official SDK's server over the toolbox, and its transports: stdio, Streamable HTTP, HTTP with SSE."""
