import os
import threading
import time

import pytest

from jobs import tasks
from jobs.wakeup import AT_MOST_EVERY, Bell

PATIENCE = 10


@pytest.fixture
def bell():
    return Bell()


def test_many_rings_at_once_become_few_hints(bell):
    hints = []
    bell.publish = hints.append

    for _ in range(500):
        bell.ring("events")
    time.sleep(3 * AT_MOST_EVERY)

    assert 1 <= len(hints) <= 3
    assert set(hints) == {"events"}


def test_a_broker_that_hangs_delays_nobody(bell):
    release = threading.Event()
    bell.publish = lambda _: release.wait(PATIENCE)
    bell.ring("events")
    begun = time.monotonic()

    for _ in range(100):
        bell.ring("events")

    assert time.monotonic() - begun < PATIENCE / 2
    release.set()


def test_a_process_that_was_forked_rings_by_a_thread_of_its_own(bell):
    reading, writing = os.pipe()
    bell.publish = lambda lane: os.write(writing, f"{os.getpid()} {lane}\n".encode()) and None
    bell.ring("events")
    mine = os.read(reading, 100).decode()
    child = os.fork()
    if child == 0:
        bell.ring("chores")
        time.sleep(PATIENCE)
        os._exit(0)

    theirs = os.read(reading, 100).decode()
    os.kill(child, 9)
    os.waitpid(child, 0)

    assert mine == f"{os.getpid()} events\n"
    assert theirs == f"{child} chores\n"


def test_a_broker_that_refuses_is_nobodys_fault(monkeypatch, caplog):
    def refuse(*_, **__):
        raise ConnectionRefusedError("redis at 10.0.0.7")

    monkeypatch.setattr(tasks.run, "apply_async", refuse)

    tasks.announce("events")

    assert "ConnectionRefusedError" in caplog.text
    assert "10.0.0.7" not in caplog.text
