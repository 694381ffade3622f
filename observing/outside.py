"""What stands outside: the database with its queue, and Redis with the workers' sign of life."""

import time
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from apikeys.limits import limits_degraded
from jobs.handlers import handler_of
from observing.looks import Look
from telegram_integration.inbox.figures import InboxFigures, inbox_figures
from telegram_integration.inbox.presence import seconds_since_alive
from webhooks.figures import QueueFigures, queue_figures

# How long an answer may take (seconds).
DATABASE_PATIENCE, REDIS_PATIENCE = 1.0, 0.3
# Where a worker notes that it lives, and for how long that is remembered (seconds).
HEARTBEAT, HEARTBEAT_KEPT = "nadmor:heartbeat", 86400

# Two ends of one index: what is overdue, and what was given up.
_QUEUE = """
SELECT kind, count(due_at), COALESCE(EXTRACT(EPOCH FROM now() - min(due_at)), 0)::float8,
       count(*) - count(due_at)
FROM public.jobs_job WHERE due_at <= now() OR due_at IS NULL GROUP BY kind
"""
# An update of a bot that was switched off waits for nobody.
_INBOX = """
SELECT EXISTS (SELECT FROM public.telegram_bots b LEFT JOIN public.tenants_hospital h ON h.id = b.hospital_id
               WHERE b.is_active AND COALESCE(h.is_active, true)),
       COALESCE(EXTRACT(EPOCH FROM now() - min(u.received_at)), 0)::float8
FROM public.telegram_updates u JOIN public.telegram_bots b ON b.id = u.bot_id AND b.is_active
LEFT JOIN public.tenants_hospital h ON h.id = b.hospital_id
WHERE u.done_at IS NULL AND COALESCE(h.is_active, true)
"""


@dataclass(slots=True)
class Lane:
    """A lane of the queue: jobs that are due, for how many seconds the oldest has been, jobs given up."""

    due: int = 0
    oldest: float = 0.0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Inbox:
    """Whether there is a bot at all, and for how many seconds the oldest of its updates has waited."""

    has_bot: bool = False
    oldest: float = 0.0


@dataclass(slots=True)
class Queue:
    """The queue of background work, by lane, and the inbox of the bots."""

    lanes: dict[str, Lane] = field(default_factory=dict)
    inbox: Inbox = Inbox()

    @property
    def oldest(self) -> float:
        """For how many seconds the oldest job has been due."""
        return max((lane.oldest for lane in self.lanes.values()), default=0.0)


def look_at_queue() -> Queue:
    """Ask the database what is due, on a connection of its own: the pool may be used up.

    Raises `psycopg.Error`.
    """
    queue = Queue()
    with psycopg.connect(**_connection_parameters(), autocommit=True) as wire:
        for kind, due, oldest, given_up in wire.execute(_QUEUE):
            lane = queue.lanes.setdefault(_lane_of(kind), Lane())
            lane.due += due
            lane.oldest = max(lane.oldest, oldest)
            lane.given_up += given_up
        for has_bot, oldest in wire.execute(_INBOX):
            queue.inbox = Inbox(has_bot, oldest)
    return queue


def _connection_parameters() -> dict[str, Any]:
    given: dict[str, Any] = connection.get_connection_params()
    # What is Django's own matter, and not the address.
    for name in ("pool", "cursor_factory", "context", "prepare_threshold", "server_side_binding"):
        given.pop(name, None)
    # libpq knows no shorter time than 2 s; whoever asks waits for `DATABASE_PATIENCE` alone.
    hung = {"connect_timeout": 2, "tcp_user_timeout": 3000, "options": "-c statement_timeout=900"}
    return {**given, **hung, "application_name": "nadmor-health"}


def _lane_of(kind: str) -> str:
    try:
        return handler_of(kind).lane
    except KeyError:  # a kind of an older or a newer version
        return "unknown"


def look_at_redis() -> float | None:
    """Ask Redis when a worker last noted that it lives: seconds ago, None for never. Raises `RedisError`."""
    with _redis() as client:
        noted = client.get(HEARTBEAT)
    return max(0.0, time.time() - float(noted)) if isinstance(noted, bytes | str) else None


def note_heartbeat() -> None:
    """Note in Redis that a worker lives. Raises `RedisError`."""
    with _redis() as client:
        client.set(HEARTBEAT, f"{time.time():.3f}", ex=HEARTBEAT_KEPT)


def _redis() -> redis.Redis:
    half = REDIS_PATIENCE / 2
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=half, socket_connect_timeout=half, retry=Retry(NoBackoff(), 0),
    )  # fmt: skip


def look_at_webhooks() -> QueueFigures:
    """Ask the database what waits to be delivered and what came of the last attempts.

    Raises `DatabaseError`.
    """
    try:
        return queue_figures()
    finally:
        # This thread ends: its connection goes back to the pool.
        connection.close()


@dataclass(frozen=True, slots=True)
class Bot:
    """The inbox, and how many seconds ago a process noted that it answers (None: never)."""

    inbox: Inbox
    alive: float | None


def look_at_bot() -> Bot:
    """Ask the database and Redis how the bots are. Raises `psycopg.Error`, `RedisError`, `TimeoutError`."""
    inbox = queue_look.see().inbox
    if not inbox.has_bot:
        return Bot(inbox, None)
    with _redis() as client:
        return Bot(inbox, seconds_since_alive(client))


def look_at_inbox() -> InboxFigures:
    """Ask the database what waits for the bots and how they answered lately. Raises `DatabaseError`."""
    try:
        return inbox_figures()
    finally:
        # As above.
        connection.close()


queue_look = Look(look_at_queue, patience=DATABASE_PATIENCE)
redis_look = Look(look_at_redis, patience=REDIS_PATIENCE)
webhooks_look = Look(look_at_webhooks, patience=DATABASE_PATIENCE)
limits_look = Look(limits_degraded, patience=REDIS_PATIENCE)
bot_look = Look(look_at_bot, patience=DATABASE_PATIENCE)
inbox_look = Look(look_at_inbox, patience=DATABASE_PATIENCE)
