"""The MCP server: where it listens, what it acts with, how much it allows."""

import logging

from django.core.exceptions import ImproperlyConfigured

from config.settings.reading import env, flag, number

# Where `runmcpserver --http` listens.
MCP_SERVER_HOST = env.str("MCP_SERVER_HOST", default="127.0.0.1")
MCP_SERVER_PORT = number("MCP_SERVER_PORT", default=8002)
# What a server on stdio acts with: an API key, or an access token.
MCP_API_KEY = env.str("MCP_API_KEY", default="")
# Which groups of tools are served; without it, those that fit what a caller may do.
MCP_TOOLS = env.str("MCP_TOOLS", default="")
if MCP_TOOLS not in ("", "booking", "healthcare", "all"):
    raise ImproperlyConfigured(f"MCP_TOOLS is {MCP_TOOLS!r}: it should be booking, healthcare or all.")
# Host names that the MCP server answers to besides ALLOWED_HOSTS.
MCP_ALLOWED_HOSTS = env.list("MCP_ALLOWED_HOSTS", default=[])
# Pages elsewhere whose scripts may talk to the MCP server; programs, which send no Origin, always may.
MCP_ALLOWED_ORIGINS = env.list("MCP_ALLOWED_ORIGINS", default=[])
# Calls of tools that one credential may make in a minute.
MCP_RATE_LIMIT = number("MCP_RATE_LIMIT", default=100)
# How often a stream without news says that it lives (seconds).
MCP_SSE_HEARTBEAT_INTERVAL = number("MCP_SSE_HEARTBEAT_INTERVAL", default=30)
# Streams that one credential may have open in one process, and all together.
MCP_STREAMS_PER_CREDENTIAL = number("MCP_STREAMS_PER_CREDENTIAL", default=10)
MCP_STREAMS_PER_PROCESS = number("MCP_STREAMS_PER_PROCESS", default=1000)
# How often a stream's caller is looked at again (seconds); who may not listen any more is out after 30 s.
MCP_STREAM_CHECK_INTERVAL = 12.0
MCP_WEBSOCKET_ENABLED = flag("MCP_WEBSOCKET_ENABLED", default=True)
# How long a client may keep a list of tools, resources or prompts, and a schema (seconds).
MCP_CACHE_TTL = number("MCP_CACHE_TTL", default=300)
# What the MCP server says to its log; without it, as much as everything else.
MCP_LOG_LEVEL = env.str("MCP_LOG_LEVEL", default="")
if MCP_LOG_LEVEL and MCP_LOG_LEVEL not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured(
        f"MCP_LOG_LEVEL is {MCP_LOG_LEVEL!r}: it should be DEBUG, INFO, WARNING or ERROR."
    )
# Calls that are at work at one time in one process: each holds one of the pool's connections.
MCP_THREADS = max(1, number("DATABASE_POOL_SIZE", default=8))
# Whether the tools of the protocol's own tests may be loaded beside ours (`runmcpserver --conformance`).
# Not read from the environment: an installation that serves patients has none.
MCP_CONFORMANCE_ALLOWED = False
