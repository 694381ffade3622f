"""Redis dies, is empty when it comes back, or hangs: bookings go on, and every event is handed on after."""

import pytest

from tests.faults import ledger
from tests.faults.clients import many

TRIES, BOOKINGS, CLIENTS = 3, 200, 4
LONGEST_ANSWER = 1.5  # seconds
LONGEST_WAY = 120  # seconds from Redis's return until every event is handed on


def kill_and_empty(platform):
    platform.redis.kill()
    return platform.redis.start


def freeze(platform):
    platform.redis.freeze()
    return platform.redis.thaw


@pytest.mark.parametrize(
    ("fault", "named"),
    [(kill_and_empty, "Redis killed and emptied"), (freeze, "Redis stopped with SIGSTOP")],
    ids=["killed", "frozen"],
)
def test_bookings_are_made_in_time_without_redis_and_told_of_when_it_is_back(platform, note, fault, named):
    hospital, slowest, longest, promises = platform.ploy, 0.0, 0.0, {}
    for _ in range(TRIES):
        before = many([hospital.book] * (BOOKINGS // 10), threads=CLIENTS)
        come_back = fault(platform)
        outcomes = before + many([hospital.book] * (BOOKINGS - len(before)), threads=CLIENTS)
        come_back()
        now = ledger.promised(outcomes)
        longest = max(longest, ledger.seconds_until_told(platform, hospital, now, within=LONGEST_WAY))

        assert [one for one in outcomes if one.status != 201] == []
        slowest = max(slowest, *(one.seconds for one in outcomes))
        assert slowest < LONGEST_ANSWER
        promises |= now
    assert ledger.lost(platform, hospital, promises) == []
    note(
        f"{named} during {BOOKINGS} bookings", tries=TRIES, slowest=slowest, back_after=longest,
        twice=ledger.told_twice(platform, hospital, promises),
        besides="all 201; back: every webhook has come",
    )  # fmt: skip
    assert platform.worker.is_running()
    assert platform.beat.is_running()
