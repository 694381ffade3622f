"""Redis that hangs, refuses and comes back: requests go on, and the limit holds in each process."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from apikeys import counting
from apikeys.limits import limits_degraded
from apikeys.policies import Rate
from tests.apikeys.gate import Gate
from tests.apikeys.spending import passed, somebody


@pytest.fixture
def gate(settings) -> Iterator[Gate]:
    """Redis behind a gate."""
    gate = Gate(settings.REDIS_URL)
    settings.REDIS_URL = gate.url
    yield gate
    counting.forget_counts()
    gate.close()


def seconds_for(work) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def test_when_redis_hangs_one_request_waits_a_moment_and_the_limit_holds_locally(gate, caplog):
    who = somebody()
    assert passed("booking", who, tries=3) == 3
    gate.hang()

    with caplog.at_level(logging.WARNING):
        slowest = max(seconds_for(lambda: passed("booking", who, tries=1)) for _ in range(20))

    assert 0.1 < slowest < 1
    assert limits_degraded()
    assert passed("booking", who, tries=5) == 0
    assert [record.name for record in caplog.records] == ["apikeys.counting"]


def test_while_redis_hangs_it_is_asked_once_in_a_while_and_not_by_everybody(gate):
    gate.hang()
    who = somebody(reading=Rate(1000, 60))

    assert passed("reading", who, tries=300) == 300

    assert gate.connections == 1


def test_when_redis_refuses_connections_the_limit_holds_locally(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    who = somebody()

    assert seconds_for(lambda: passed("booking", who, tries=5)) < 2
    assert passed("booking", who, tries=20) == 5
    assert limits_degraded()


def test_when_redis_is_back_everybody_counts_there_again(gate, monkeypatch):
    who = somebody()
    assert passed("booking", who, tries=4) == 4
    gate.hang()
    assert passed("booking", who, tries=20) == 10
    monkeypatch.setattr(counting, "PAUSE", 0)
    counting.counter()._ask_again_at = 0
    gate.open()

    assert not limits_degraded()
    assert passed("booking", who, tries=20) == 6
    assert not limits_degraded()


def test_the_health_report_finds_out_by_itself(gate):
    assert not limits_degraded()
    gate.hang()

    assert limits_degraded()


def test_threads_that_count_here_share_one_count(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    who = somebody(reading=Rate(50, 60))
    place = counting.counter()
    with ThreadPoolExecutor(16) as pool:
        allowed = list(
            pool.map(lambda _: place.take("reading", who.name, Rate(50, 60)).is_allowed, range(400))
        )

    assert sum(allowed) == 50
