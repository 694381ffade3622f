"""From the event loop to a thread and back: the ORM waits for its database, and the loop must not."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio
from anyio.lowlevel import RunVar
from django.conf import settings
from django.db import connections

T = TypeVar("T")

_limiter: RunVar[anyio.CapacityLimiter] = RunVar("mcp_integration.threads")


async def in_thread(work: Callable[[], T]) -> T:
    """What `work` gives, or raises, in a thread of its own.

    At most `settings.MCP_THREADS` are at work in this process, as many as the pool has connections; others
    wait for their turn. Whatever connection `work` opened goes back to the pool when it ends.
    """
    return await anyio.to_thread.run_sync(_closing, work, limiter=limiter())


async def run_in_thread(work: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """`in_thread` of a call with its arguments."""
    return await in_thread(partial(work, *arguments, **named))


def limiter() -> anyio.CapacityLimiter:
    """What counts the threads at work in this event loop."""
    try:
        return _limiter.get()
    except LookupError:
        made = anyio.CapacityLimiter(settings.MCP_THREADS)
        _limiter.set(made)
        return made


def _closing(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        # Not by their age: telling it may connect, and what refuses that would leave them open.
        connections.close_all()
