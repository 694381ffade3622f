"""Looking at something that may hang, without hanging: one look at a time, shared by all who ask."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

# How long an answer is good for all who ask (seconds): nobody can flood what is looked at by asking us.
KEPT_FOR = 1.0
# A look that did not come back in this time is given up, and another may start.
GIVEN_UP_AFTER = 10.0


class Look(Generic[T]):
    """A look at something outside, on a thread of its own.

    `see` takes `patience` seconds at most, counted from the start of the look that it shares.
    """

    def __init__(self, look: Callable[[], T], *, patience: float) -> None:
        self._look, self._patience = look, patience
        self._lock = Lock()
        self._answer: Future[T] | None = None
        self._started = self._ended = 0.0

    def begin(self) -> None:
        """Start looking, unless there is an answer or somebody looks already."""
        with self._lock:
            if not self._is_fresh():
                self._answer, self._started = Future(), time.monotonic()
                Thread(target=self._run, args=(self._answer,), name="look", daemon=True).start()

    def see(self) -> T:
        """What there is to see, at most `KEPT_FOR` seconds old.

        Raises `TimeoutError`, or whatever the look raised.
        """
        self.begin()
        if self._answer is None:
            raise TimeoutError
        return self._answer.result(max(0.0, self._started + self._patience - time.monotonic()))

    def forget(self) -> None:
        """Have the next one look anew."""
        with self._lock:
            self._answer = None

    def _is_fresh(self) -> bool:
        if self._answer is None:
            return False
        now = time.monotonic()
        if self._answer.done():
            return now < self._ended + KEPT_FOR
        return now < self._started + GIVEN_UP_AFTER

    def _run(self, answer: "Future[T]") -> None:
        try:
            seen = self._look()
        except Exception as error:  # noqa: BLE001  -- whatever it is, those who wait get it
            self._ended = time.monotonic()
            answer.set_exception(error)
        else:
            self._ended = time.monotonic()
            answer.set_result(seen)
