"""2,000 calls by 32 threads through four processes: as many pass as the limit says, not one more."""

import time
from collections import Counter

from tests.faults.clients import call, many
from tests.faults.daemons import Program
from tests.faults.platform import web_answers
from tests.faults.ports import quiet_port

CALLS, THREADS, PROCESSES, LIMIT = 2000, 32, "4", 100


def test_of_2000_calls_by_32_threads_through_4_processes_exactly_100_pass(platform, note):
    port, place = quiet_port(), platform.places["ploy"]
    environment = {**platform.environment, "PORT": str(port), "WEB_CONCURRENCY": PROCESSES}
    web = Program(
        "web-of-four", platform.web.command, environment, platform.journal, lambda: web_answers(port)
    )
    path = f"/api/v1/tenants/ploy/booking/availability/{place['visit']}?date={tomorrow()}"
    try:
        web.start()
        assert len(web.children()) == int(PROCESSES)
        outcomes = many(
            [lambda: call(port, "GET", path, **{"X-API-Key": place["limited_key"]})] * CALLS, threads=THREADS
        )
    finally:
        web.stop()

    assert Counter(one.status for one in outcomes) == {200: LIMIT, 429: CALLS - LIMIT}
    assert all(int(one.headers["retry-after"]) > 0 for one in outcomes if one.status == 429)
    note(
        f"{CALLS:,} calls, {THREADS} threads, {PROCESSES} processes at a limit of {LIMIT}", tries=CALLS,
        slowest=max(one.seconds for one in outcomes), besides=f"exactly {LIMIT} passed",
    )  # fmt: skip


def tomorrow():
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86400))
