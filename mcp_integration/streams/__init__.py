"""What happens, told as it happens: server-sent events, and the subscriptions of WebSockets.

`hub().listen(…)` is a stream for one client; `tell_result(…)` tells a caller's streams what a tool gave.
"""

from mcp_integration.streams.hubs import hub
from mcp_integration.streams.results import tell_result

__all__ = ["hub", "tell_result"]
