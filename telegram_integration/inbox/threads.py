"""From the event loop to a thread and back: the ORM waits for its database, and the loop must not."""

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections
from django.utils import timezone, translation
from structlog.contextvars import bound_contextvars

from tenants.context import outside

T = TypeVar("T")


class Threads:
    """So many threads of a process. Whatever connection a piece of work opened goes back when it ends."""

    def __init__(self, number: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(number, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives, or raises, in one of the threads, outside of every hospital."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _closing, work)

    def close(self) -> None:
        """Take no more work; what is under way is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _closing(work: Callable[[], T]) -> T:
    # Before too: a thread that slept through an outage of the database holds a dead connection.
    close_old_connections()
    try:
        with bound_contextvars(door="telegram", request_id=uuid.uuid4().hex), outside():
            return work()
    finally:
        # The next update on this thread is somebody else's.
        translation.deactivate()
        timezone.deactivate()
        close_old_connections()
