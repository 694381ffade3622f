"""Figures that are looked up at each scrape, the same for all processes. What is away is said to be away."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from observing.outside import Queue, inbox_look, queue_look, redis_look, webhooks_look
from telegram_integration.inbox.figures import InboxFigures
from webhooks.figures import QueueFigures

T = TypeVar("T")


class Outside(Collector):
    """The queue, the webhooks, the bots, Redis and the workers; each looked at once a second at most."""

    def collect(self) -> Iterator[Metric]:
        """Look, and leave out what cannot be seen."""
        queue_look.begin()
        is_redis_up, heartbeat = _seen(redis_look.see)
        yield _gauge("nadmor_redis_up", "Whether Redis answers", float(is_redis_up))
        if heartbeat is not None:
            about = "Seconds since a worker last noted that it lives"
            yield _gauge("nadmor_worker_heartbeat_age_seconds", about, heartbeat)
        is_database_up, queue = _seen(queue_look.see)
        yield _gauge("nadmor_database_up", "Whether the database answers", float(is_database_up))
        if queue is not None:
            yield from _jobs(queue)
            # By the pool of connections: not while the database is away or hangs.
            figures = _seen(webhooks_look.see)[1]
            yield from _webhooks(figures) if figures else ()
            inbox = _seen(inbox_look.see)[1]
            yield from _telegram(inbox) if inbox else ()


def _seen(see: Callable[[], T]) -> tuple[bool, T | None]:
    """Whether there was anything to see, and what."""
    try:
        return True, see()
    except Exception:  # noqa: BLE001  -- away in one way or another
        return False, None


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _jobs(queue: Queue) -> Iterator[Metric]:
    due = GaugeMetricFamily("nadmor_jobs_due", "Jobs that are due", labels=["lane"])
    oldest = GaugeMetricFamily(
        "nadmor_jobs_oldest_seconds", "How long the oldest has been due", labels=["lane"]
    )
    given_up = GaugeMetricFamily("nadmor_jobs_given_up", "Jobs given up after many failures", labels=["lane"])
    for name, lane in queue.lanes.items():
        due.add_metric([name], lane.due)
        oldest.add_metric([name], lane.oldest)
        given_up.add_metric([name], lane.given_up)
    yield from (due, oldest, given_up)


def _webhooks(figures: QueueFigures) -> Iterator[Metric]:
    yield _gauge("nadmor_webhook_deliveries_pending", "Deliveries not yet made", figures.pending)
    yield _gauge("nadmor_webhook_deliveries_due", "Deliveries that could be made now", figures.due)
    about = "How long the oldest of those has been due"
    yield _gauge("nadmor_webhook_oldest_seconds", about, figures.oldest_due_seconds)
    endpoints = GaugeMetricFamily("nadmor_webhook_endpoints", "Endpoints in trouble", labels=["state"])
    endpoints.add_metric(["switched_off"], figures.switched_off)
    endpoints.add_metric(["held_back"], figures.held_back)
    attempts = GaugeMetricFamily(
        "nadmor_webhook_attempts", "Attempts of the last five minutes, by outcome", labels=["outcome"]
    )
    for outcome, count in figures.attempts.items():
        attempts.add_metric([outcome or "unknown"], count)
    yield from (endpoints, attempts)


def _telegram(figures: InboxFigures) -> Iterator[Metric]:
    about = "People who wrote to a bot in the last 24 hours"
    yield _gauge("nadmor_telegram_active_users", about, figures.active_users)
    yield _gauge("nadmor_telegram_updates_waiting", "Updates not yet answered", figures.waiting)
    about = "How long the oldest of those has waited"
    yield _gauge("nadmor_telegram_oldest_seconds", about, figures.oldest_seconds)
    about = "Updates of the last five minutes, by outcome"
    updates = GaugeMetricFamily("nadmor_telegram_updates", about, labels=["outcome"])
    for outcome, count in figures.outcomes.items():
        updates.add_metric([outcome], count)
    about = "From an update's coming to its answer, of the last five minutes"
    seconds = GaugeMetricFamily("nadmor_telegram_answer_seconds", about, labels=["quantile"])
    for quantile, value in figures.seconds.items():
        seconds.add_metric([quantile], value)
    yield from (updates, seconds)
