"""Delivering what is due: attempts in threads, the database on the main thread alone.

Any number of processes may do it at once; few do, so that webhooks never take every worker.
"""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from core.sealing import CannotUnseal
from jobs.places import place
from tenants.context import outside
from webhooks.claiming import LEASE, Flight, claim
from webhooks.client import Reply, post
from webhooks.events import message
from webhooks.keyring import open_secrets
from webhooks.outcomes import note_reply
from webhooks.signature import sign
from webhooks.waking import wake_dispatcher

logger = logging.getLogger(__name__)

# Loops at once over all processes.
PLACES = 2
# Attempts at once in each loop. One that takes long does not count any more, so that endpoints that stopped
# answering all at the same time hold up the others for a moment only; up to so many in all.
ATTEMPTS, LONG, MOST_ATTEMPTS = 24, 3.0, 64
# Attempts at once to endpoints that are known to fail or to be slow.
TROUBLED = 8
# While attempts are under way, what has become due since is looked for this often (seconds).
LOOK_EVERY = 0.2


def deliver_due(*, seconds: float = 60) -> int:
    """Deliver what is due until nothing is, or the time is over; return how many attempts were made.

    Returns 0 at once when enough others do it. When the time is over another may begin, while this one still
    waits for the answers to its last attempts (`settings.WEBHOOK_SECONDS` at most).
    """
    until, sky = time.monotonic() + seconds, _Sky()
    with outside():
        with place("webhooks", places=PLACES) as is_ours:
            while is_ours and time.monotonic() < until:
                sky.launch(claim(sky.room(), troubled=TROUBLED - sky.troubled()))
                if not sky:
                    break
                _note(sky.landed())
        if sky:
            wake_dispatcher()
        while sky:
            _note(sky.landed())
    return sky.launched


class _Sky:
    """Attempts under way, each in a thread of its own.

    Daemon threads and no pool: one that hangs beyond its deadline, in a call that nothing can interrupt, must
    neither take a place from others nor keep the worker from ending.
    """

    def __init__(self) -> None:
        self.launched = 0
        self._up: dict[UUID, tuple[Flight, float]] = {}
        self._landed: SimpleQueue[tuple[Flight, Reply]] = SimpleQueue()

    def __len__(self) -> int:
        return len(self._up)

    def room(self) -> int:
        """How many more may be sent now."""
        now = time.monotonic()
        quick = sum(now - since < LONG for _, since in self._up.values())
        return max(min(ATTEMPTS - quick, MOST_ATTEMPTS - len(self._up)), 0)

    def troubled(self) -> int:
        """How many are to endpoints that fail or are slow."""
        return sum(flight.is_troubled for flight, _ in self._up.values())

    def launch(self, flights: Sequence[Flight]) -> None:
        """Send each now; returns at once."""
        for flight in flights:
            self.launched += 1
            self._up[flight.delivery_id] = flight, time.monotonic()
            threading.Thread(target=self._fly, args=[flight], name="webhook", daemon=True).start()

    def landed(self) -> list[tuple[Flight, Reply]]:
        """Those that got their answer, after waiting a moment for the first."""
        found: list[tuple[Flight, Reply]] = []
        try:
            found.append(self._landed.get(timeout=LOOK_EVERY))
            while True:
                found.append(self._landed.get_nowait())
        except Empty:
            pass
        for flight, _ in found:
            self._up.pop(flight.delivery_id, None)
        self._forget_lost()
        return found

    def _fly(self, flight: Flight) -> None:
        self._landed.put((flight, send(flight)))

    def _forget_lost(self) -> None:
        """One whose lease is over is somebody else's, or ours again."""
        lost_since = time.monotonic() - LEASE.total_seconds()
        for lost in [number for number, (_, since) in self._up.items() if since < lost_since]:
            del self._up[lost]


def send(flight: Flight) -> Reply:
    """Sign a delivery and send it once. Never raises; asks no database."""
    body = message(flight.delivery_id, flight.payload)
    try:
        secrets = open_secrets(flight.webhook_id, flight.secret, flight.previous_secret)
        signed = sign(secrets, message_id=str(flight.delivery_id), sent_at=datetime.now(UTC), body=body)
        return post(flight.url, headers=signed, body=body)
    except CannotUnseal:
        logger.error("the secret of webhook %s cannot be read", flight.webhook_id)  # noqa: TRY400  -- no trace
        return Reply(None, "secret_unreadable", 0.0)
    except Exception as error:  # noqa: BLE001  -- a thread that dies would leave its delivery in the air
        logger.error("delivery %s: unforeseen %s", flight.delivery_id, type(error).__name__)  # noqa: TRY400
        return Reply(None, "fault", 0.0)


def _note(landed: Sequence[tuple[Flight, Reply]]) -> None:
    for flight, reply in landed:
        try:
            note_reply(flight, reply)
        except Exception as error:
            if isinstance(error, OperationalError | InterfaceError) and not connection.is_usable():
                # The database is away: what was sent is sent again when its lease is over.
                raise
            # The class alone: a message of the database may quote what the receiver answered.
            logger.error("outcome of %s not noted: %s", flight.delivery_id, type(error).__name__)  # noqa: TRY400
