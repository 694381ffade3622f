"""The tasks, the schedule and the hint to the workers."""

import pytest
from django.db import transaction

from config.schedule import SCHEDULE
from jobs import wakeup
from tenants.context import inside
from tests.support.webhooks import endpoint, happen, relay
from webhooks import tasks
from webhooks.models import Delivery
from webhooks.waking import LANE, wake_dispatcher

URL = "https://hooks.example.org/one"


@pytest.fixture
def rung(monkeypatch):
    """The lanes that were to be woken."""
    lanes = []
    monkeypatch.setattr(wakeup._bell, "ring", lanes.append)
    return lanes


def test_the_tasks_are_in_the_schedule():
    scheduled = {entry["task"] for entry in SCHEDULE.values()}

    assert {"webhooks.deliver", "webhooks.clean_up"} <= scheduled
    assert ["webhooks.recover"] in [entry.get("args") for entry in SCHEDULE.values()]
    assert (tasks.deliver.name, tasks.clean_up.name) == ("webhooks.deliver", "webhooks.clean_up")


def test_the_task_delivers_also_when_it_was_started_from_a_hospital(webhook, receiver):
    happen()
    relay()

    assert tasks.deliver() == 1
    assert len(receiver.requests) == 1


def test_the_clean_up_is_a_task(db):
    assert tasks.clean_up() == 0


def test_a_new_delivery_wakes_the_dispatcher_once_it_is_committed(
    in_hospital, only_webhooks_listen, rung, django_capture_on_commit_callbacks
):
    endpoint(in_hospital, URL, "booking.created")
    with django_capture_on_commit_callbacks(execute=True):
        happen("booking.cancelled")
        relay()
    assert LANE not in rung

    with django_capture_on_commit_callbacks(execute=True):
        happen("booking.created")
        relay()
    assert LANE in rung
    assert Delivery.objects.count() == 1


def test_the_dispatcher_is_woken_by_a_way_of_its_own(monkeypatch):
    assert wakeup._bell._publisher(LANE) is tasks.announce
    assert wakeup._bell._publisher("events") is not tasks.announce


def test_a_broker_that_is_away_is_nobodys_trouble(monkeypatch, caplog):
    def refuse(*_, **__):
        raise ConnectionError

    monkeypatch.setattr(tasks.deliver, "apply_async", refuse)

    tasks.announce(LANE)

    assert "ConnectionError" in caplog.text


def test_waking_outside_of_a_transaction_is_at_once(fresh_hospital, rung):
    with inside(fresh_hospital):
        wake_dispatcher()
        assert rung == [LANE]
        with transaction.atomic():
            wake_dispatcher()
            assert rung == [LANE]
    assert rung == [LANE, LANE]
