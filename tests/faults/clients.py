"""Patients' programs: each call over a connection of its own, timed, whatever comes back."""

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from tests.faults.canaries import Person

PATIENCE = 30  # seconds that a client waits for an answer
# The third is for requests that are made up, which may change and remove whatever is there.
HOSPITALS = ("ploy", "rama", "wild")
DOCTORS = 8  # of each hospital, all of whom offer the one visit


@dataclass(frozen=True)
class Outcome:
    """What a call came to; status 0 if the connection broke before there was an answer."""

    status: int
    seconds: float
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    person: Person | None = None
    at: float = 0.0


def call(
    port: int, method: str, path: str, body: Any = None, *, host: str = "127.0.0.1", **headers: str
) -> Outcome:
    """One request over one connection."""
    began = time.monotonic()
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    every = {"Content-Type": "application/json", "Connection": "close", "Host": host, **headers}
    try:
        wire.request(method, path, json.dumps(body) if body is not None else None, every)
        answer = wire.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException):
        return Outcome(0, time.monotonic() - began, at=began)
    finally:
        wire.close()
    read = json.loads(text) if text and "json" in answer.headers.get("Content-Type", "") else text
    lower = {name.lower(): value for name, value in answer.headers.items()}
    return Outcome(answer.status, time.monotonic() - began, read, lower, at=began)


class Hospital:
    """The REST door of one hospital, and a fresh person with a free time for each booking."""

    def __init__(self, port: int, subdomain: str, place: dict[str, Any]) -> None:
        self.port, self.subdomain, self.place = port, subdomain, place
        self.schema, self.key = place["schema"], place["key"]
        self._numbers = itertools.count(3000 * HOSPITALS.index(subdomain))
        self._times = _times()
        self._lock = threading.Lock()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Outcome:
        """One request to this hospital's booking paths."""
        every = {"X-API-Key": self.key, "Accept-Language": "en", **headers}
        return call(self.port, method, f"/api/v1/tenants/{self.subdomain}/booking{path}", body, **every)

    def manage(self, method: str, path: str, body: Any = None) -> Outcome:
        """One request to the paths that find the hospital by its key."""
        return call(self.port, method, path, body, **{"X-API-Key": self.key, "Accept-Language": "en"})

    def somebody(self) -> tuple[Person, dict[str, Any]]:
        """A new person and the body of a booking at a time of their own."""
        with self._lock:
            person, when = Person(next(self._numbers)), next(self._times)
        asked = {"event_type_id": self.place["visit"], **when, "notes": person.note}
        return person, {**asked, "guest_name": person.name, "guest_phone": person.phone}

    def book(self, **headers: str) -> Outcome:
        """A booking by a new person."""
        person, body = self.somebody()
        done = self.call("POST", "/create", body, **headers)
        return replace(done, person=person)


def _times() -> Iterator[dict[str, str]]:
    """Each start in the coming weeks as often as there are doctors."""
    today: date = (datetime.now(UTC) + timedelta(hours=7)).date()
    for ahead in range(2, 58):
        for hour, minute in itertools.product((9, 10, 11, 13, 14, 15, 16), (0, 30)):
            day = (today + timedelta(days=ahead)).isoformat()
            yield from [{"date": day, "time": f"{hour:02}:{minute:02}"}] * DOCTORS


def many(calls: Sequence[Callable[[], Outcome]], *, threads: int) -> list[Outcome]:
    """Make the calls, so many at a time; outcomes in order."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda one: one(), calls))


class Load:
    """Clients that go on and on until told to stop."""

    def __init__(self, act: Callable[[], Outcome], *, threads: int, pause: float = 0.0) -> None:
        self._act, self._pause = act, pause
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.outcomes: list[Outcome] = []
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    def _work(self) -> None:
        while not self._over.is_set():
            outcome = self._act()
            with self._lock:
                self.outcomes.append(outcome)
            self._over.wait(self._pause)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE + 5)

    def so_far(self) -> list[Outcome]:
        """The outcomes until now."""
        with self._lock:
            return list(self.outcomes)
