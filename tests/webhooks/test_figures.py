"""How endpoints do, what waits, and what is forgotten."""

from datetime import timedelta

import pytest

from core import clock
from tenants.context import inside, outside
from tests.support.receiver import answer
from tests.support.statements import counted
from tests.support.webhooks import MANAGER, deliver, endpoint, happen, let_pass, relay
from webhooks import cleaning
from webhooks.actions import deactivate, remove_webhook
from webhooks.cleaning import forget_old_deliveries
from webhooks.figures import queue_figures
from webhooks.health import Condition, health_of
from webhooks.models import Attempt, Delivery, Webhook


def several(count):
    for number in range(count):
        happen(subject_id=number)
    relay()


def attempts(row, *times, **fields):
    """Attempts of so many milliseconds each."""
    delivery = Delivery.objects.filter(webhook=row).first()
    values = {"started_at": clock.now(), "status": 200, "is_success": True, **fields}
    Attempt.objects.bulk_create(Attempt(delivery=delivery, webhook=row, ms=ms, **values) for ms in times)


# ── health ────────────────────────────────────────────────────────────────────
def test_health_tells_success_time_and_what_waits(webhook, receiver):
    several(1)
    attempts(webhook, *range(1, 96))
    attempts(webhook, *range(96, 101), is_success=False, status=500)

    health = health_of([webhook])[webhook.pk]

    assert (health.attempts, health.success_ratio, health.p95_ms) == (100, 0.95, 95)
    assert (health.waiting, health.kept) == (1, 0)
    assert health.oldest_waiting == Delivery.objects.get().created_at
    assert health.condition == Condition.HEALTHY


def test_health_looks_back_a_day(webhook):
    several(1)
    attempts(webhook, 5, started_at=clock.now() - timedelta(hours=25))

    health = health_of([webhook])[webhook.pk]

    assert (health.attempts, health.success_ratio, health.p95_ms) == (0, None, None)
    assert health.condition == Condition.IDLE


def test_what_is_kept_is_counted_apart(webhook, admin):
    several(3)
    row = deactivate(admin, webhook_id=webhook.pk)

    health = health_of([row])[row.pk]

    assert (health.condition, health.waiting, health.kept) == (Condition.OFF, 0, 3)
    assert health.oldest_waiting is None


def test_the_health_of_many_costs_as_much_as_that_of_one(in_hospital, only_webhooks_listen):
    rows = [endpoint(in_hospital, "https://hooks.example.org/") for _ in range(5)]
    several(2)

    with counted() as for_one:
        health_of(rows[:1])
    with counted() as for_many:
        found = health_of(rows)

    assert len(for_one) == len(for_many) == 2
    assert [found[row.pk].waiting for row in rows] == [2] * 5


# ── figures for metrics ───────────────────────────────────────────────────────
def test_an_empty_queue_has_figures_too(db):
    figures = queue_figures()

    assert (figures.pending, figures.due, figures.oldest_due_seconds, figures.attempts) == (0, 0, 0, {})


def test_figures_count_what_waits_and_what_came_of_attempts_over_all_hospitals(
    webhook, other_hospital, receiver
):
    theirs = endpoint(other_hospital, receiver.url("/theirs"))
    receiver.always(answer(500))
    several(2)
    with inside(other_hospital):
        happen()
    relay()
    deliver()
    several(3)
    let_pass(seconds=3)
    Webhook.objects.filter(pk=theirs.pk).update(open_until=clock.now() + timedelta(hours=1))

    with outside():
        figures = queue_figures()

    assert (figures.pending, figures.due, figures.held_back, figures.switched_off) == (6, 3, 1, 0)
    assert 3 <= figures.oldest_due_seconds < 60
    assert figures.attempts == {"5xx": 3}


def test_what_waits_for_its_hospital_is_not_due(webhook, in_hospital):
    several(2)
    in_hospital.is_active = False
    in_hospital.save()

    assert (queue_figures().pending, queue_figures().due) == (2, 0)


# ── clean-up ──────────────────────────────────────────────────────────────────
@pytest.fixture(params=[1000, 2])
def batch(request, monkeypatch):
    monkeypatch.setattr(cleaning, "BATCH", request.param)


def test_what_was_delivered_more_than_thirty_days_ago_is_forgotten(webhook, receiver, batch):
    several(5)
    deliver()
    let_pass(days=29)
    assert forget_old_deliveries() == 0

    several(1)
    deliver()
    let_pass(days=2)

    assert forget_old_deliveries() == 10
    assert (Delivery.objects.count(), Attempt.objects.count()) == (1, 1)


def test_what_still_waits_is_never_forgotten(webhook, in_hospital, batch):
    several(3)
    let_pass(days=400)

    assert forget_old_deliveries() == 0
    assert Delivery.objects.count() == 3


def test_what_was_sent_again_of_late_is_kept(webhook, admin, receiver, batch):
    several(1)
    deliver()
    let_pass(days=31)
    attempts(webhook, 5)

    assert forget_old_deliveries() == 1
    assert Delivery.objects.count() == 1


def test_an_endpoint_that_was_removed_goes_with_all_that_it_leaves(webhook, in_hospital, receiver, batch):
    other = endpoint(in_hospital, receiver.url("/other"))
    several(5)
    deliver()
    remove_webhook(MANAGER, webhook_id=webhook.pk)

    assert forget_old_deliveries() == 11
    assert list(Webhook.objects.all()) == [other]
    assert Delivery.objects.count() == Attempt.objects.count() == 5
    assert forget_old_deliveries() == 0
