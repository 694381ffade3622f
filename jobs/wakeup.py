"""Telling a worker that something is due. A hint, not a promise: beat looks every few seconds anyway.

The hint goes out on a thread of its own, so that a broker that is down or hangs delays nobody.
"""

import os
import threading
import time
from collections.abc import Callable

from django.db import transaction

# Many bookings at once need few hints: one for each lane in this time (seconds).
AT_MOST_EVERY = 0.2


class Bell:
    """Collects the lanes to wake and rings for them from a daemon thread, one thread for each process.

    Many changes at once need few hints: one for each lane in so many seconds (`pause`).
    """

    def __init__(self, publish: Callable[[str], None] | None = None, *, pause: float = AT_MOST_EVERY) -> None:
        self.publish = publish
        self.pause = pause
        self.own: dict[str, Callable[[str], None]] = {}
        self._lanes: set[str] = set()
        self._lock = threading.Lock()
        self._asked = threading.Event()
        self._pid = 0

    def ring(self, lane: str) -> None:
        """Have a lane woken soon; returns at once."""
        if self._publisher(lane) is None:
            return
        with self._lock:
            self._lanes.add(lane)
            if self._pid != os.getpid():
                # The first time in this process: a thread does not survive a fork.
                self._pid = os.getpid()
                threading.Thread(target=self._work, name="wakeup", daemon=True).start()
        self._asked.set()

    def _publisher(self, lane: str) -> Callable[[str], None] | None:
        return self.own.get(lane, self.publish)

    def _work(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            with self._lock:
                lanes, self._lanes = self._lanes, set()
            for lane in sorted(lanes):
                publish = self._publisher(lane)
                if publish is not None:
                    publish(lane)
            time.sleep(self.pause)


_bell = Bell()


def ring_with(publish: Callable[[str], None], *lanes: str) -> None:
    """Say how these lanes are woken, or all that have no way of their own; `publish` never raises."""
    if not lanes:
        _bell.publish = publish
    for lane in lanes:
        _bell.own[lane] = publish


def wake(lane: str) -> None:
    """Have a lane woken once the transaction at hand is committed, at once without one."""
    transaction.on_commit(lambda: _bell.ring(lane), robust=True)
