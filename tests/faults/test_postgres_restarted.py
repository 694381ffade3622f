"""PostgreSQL is restarted at once under load: 503 meanwhile, and nothing of ours has to be restarted."""

import time
from collections import Counter

from tests.faults import ledger
from tests.faults.clients import Load
from tests.faults.platform import eventually

TRIES, CLIENTS = 3, 8
OUTAGE = 20  # seconds
LONGEST_BREAK = 10  # seconds from the moment that PostgreSQL answers


def is_proper_refusal(outcome):
    error = outcome.body["error"]
    return (
        int(outcome.headers["retry-after"]) > 0
        and set(error) == {"code", "message", "details", "timestamp"}
        and error["code"] == "SERVER_ERROR"
    )


def test_a_restart_of_postgresql_is_503_for_seconds_and_loses_nothing(platform, note):
    hospital, web, worker, beat = (
        platform.ploy, platform.web.process, platform.worker.process, platform.beat.process,
    )  # fmt: skip
    longest, slowest, statuses, told, promises = 0.0, 0.0, Counter(), 0.0, {}
    for _ in range(TRIES):
        with Load(hospital.book, threads=CLIENTS, pause=0.02) as load:
            time.sleep(1.5)
            platform.postgres.restart_at_once()
            back = time.monotonic()
            done, _ = eventually(
                lambda: any(one.status == 201 and one.at > back for one in load.so_far()),  # noqa: B023  -- now
                LONGEST_BREAK + 5,
            )
            assert done, Counter(one.status for one in load.so_far())
            time.sleep(2)
        outcomes = load.outcomes
        statuses += Counter(one.status for one in outcomes)
        good_again = min(one.at + one.seconds for one in outcomes if one.status == 201 and one.at > back)
        last_bad = max((one.at + one.seconds for one in outcomes if one.status == 503), default=back)
        longest = max(longest, good_again - back, last_bad - back)
        slowest = max(slowest, *(one.seconds for one in outcomes))

        assert statuses.keys() <= {201, 503}, statuses
        assert statuses[503], "nobody met the restart"
        assert all(is_proper_refusal(one) for one in outcomes if one.status == 503)
        assert longest <= LONGEST_BREAK
        assert ledger.lost(platform, hospital, ledger.promised(outcomes)) == []
        now = ledger.promised(outcomes)
        told = max(told, ledger.seconds_until_told(platform, hospital, now, within=90))
        promises |= now

    ledger.seconds_until_looked(platform, hospital)
    assert (web, worker, beat) == (
        platform.web.process, platform.worker.process, platform.beat.process,
    )  # fmt: skip
    assert all(one.is_running() for one in platform.everything())
    note(
        f"PostgreSQL restarted at once under load ({statuses[201]:,} bookings made, {statuses[503]} refused)",
        tries=TRIES, slowest=slowest, back_after=longest,
        twice=ledger.told_twice(platform, hospital, promises),
        besides=f"the last webhook {told:.1f} s later; web, worker and beat went on",
    )  # fmt: skip


def test_bookings_go_on_within_seconds_after_postgresql_was_away_for_longer(platform, note):
    hospital = platform.ploy
    with Load(hospital.book, threads=CLIENTS, pause=0.02) as load:
        time.sleep(1)
        platform.postgres.kill()
        time.sleep(OUTAGE)
        platform.postgres.start()
        back = time.monotonic()
        time.sleep(LONGEST_BREAK)
        good = [one.at + one.seconds - back for one in load.so_far() if one.status == 201 and one.at > back]
        assert good, Counter(one.status for one in load.so_far())
    outcomes = load.outcomes
    last_bad = max((one.at + one.seconds - back for one in outcomes if one.status != 201), default=0.0)

    assert {one.status for one in outcomes} <= {201, 503}
    assert max(min(good), last_bad) <= LONGEST_BREAK
    assert ledger.lost(platform, hospital, ledger.promised(outcomes)) == []
    promises = ledger.promised(outcomes)
    told = ledger.seconds_until_told(platform, hospital, promises, within=90)
    ledger.seconds_until_looked(platform, hospital)
    note(
        f"PostgreSQL killed, and away for {OUTAGE} s, under load", tries=1,
        slowest=max(one.seconds for one in outcomes), back_after=max(min(good), last_bad),
        twice=ledger.told_twice(platform, hospital, promises),
        besides=f"the last webhook {told:.1f} s later; web, worker and beat went on",
    )  # fmt: skip
