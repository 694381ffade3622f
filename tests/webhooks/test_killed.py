"""A process that is killed in the middle of a delivery loses nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.support.receiver import answer, hang
from tests.support.webhooks import MANAGER, deliver, endpoint
from webhooks.actions import send_test
from webhooks.claiming import LEASE
from webhooks.models import Attempt, Delivery, State, Webhook

ROOT = Path(__file__).parents[2]
LOOP = "import django; django.setup(); from webhooks.dispatch import deliver_due; deliver_due()"


@pytest.fixture
def nothing_left(fresh_hospital):
    """What this test writes is committed, so it is removed."""
    yield
    for model in (Attempt, Delivery):
        model.objects.filter(webhook__hospital=fresh_hospital).delete()
    Webhook.objects.filter(hospital=fresh_hospital).delete()


@pytest.fixture
def start_loop():
    """Starts a process that delivers from this test's database."""
    started = []
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = {**os.environ, "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}"}

    def start():
        started.append(subprocess.Popen([sys.executable, "-c", LOOP], env=env, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_what_a_killed_process_was_sending_is_sent_again_under_the_same_id(
    fresh_hospital, nothing_left, receiver, start_loop
):
    receiver.script(hang())
    receiver.always(answer(200))
    sent = send_test(MANAGER, webhook_id=endpoint(fresh_hospital, receiver.url()).pk)

    process = start_loop()
    receiver.wait_for(1, seconds=60)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert Delivery.objects.get(pk=sent.pk).lease_until is not None
    assert deliver() == 0

    Delivery.objects.filter(pk=sent.pk).update(lease_until=sent.created_at - LEASE)
    assert deliver() == 1

    assert receiver.message_ids() == [str(sent.pk)] * 2
    assert receiver.requests[0].body == receiver.requests[1].body
    assert Delivery.objects.get(pk=sent.pk).state == State.DELIVERED


def test_a_killed_process_gives_its_place_back(
    fresh_hospital, nothing_left, receiver, start_loop, monkeypatch
):
    monkeypatch.setattr("webhooks.dispatch.PLACES", 1)
    receiver.script(hang())
    send_test(MANAGER, webhook_id=endpoint(fresh_hospital, receiver.url()).pk)
    process = start_loop()
    receiver.wait_for(1, seconds=60)
    assert deliver() == 0

    process.kill()
    process.wait()

    send_test(MANAGER, webhook_id=Webhook.objects.get(hospital=fresh_hospital).pk)
    # PostgreSQL takes a moment to notice that the process is gone.
    until = time.monotonic() + 20
    while not deliver():
        assert time.monotonic() < until
    assert len(set(receiver.message_ids())) == 2
