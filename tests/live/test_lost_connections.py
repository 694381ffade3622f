"""The database ended every connection while nobody asked anything: nobody's request fails for that."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.live.crowd import Door, day_ahead

AT_ONCE, PROCESSES = 16, 2
LONGEST = 10  # seconds
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_END_ALL = f"SELECT count(pg_terminate_backend(pid)) {_OTHERS}"
_LEFT = f"SELECT count(*) {_OTHERS}"


def end_all(platform):
    """End the connections of both processes, and wait until they are gone."""
    [(ended,)] = platform.query("ploy", _END_ALL)
    assert ended > 2 * PROCESSES, "the processes kept too few connections to tell"
    over = time.monotonic() + LONGEST
    while platform.query("ploy", _LEFT) != [(0,)]:
        assert time.monotonic() < over, "they do not end"
        time.sleep(0.05)


def test_after_the_database_lost_its_connections_no_request_fails(platform):
    place = platform.places["ploy"]

    def ask(_: int) -> int:
        door = Door(platform.port, "ploy", place["key"])
        try:
            return door.call("GET", f"/availability/{place['check_up']}?date={day_ahead(3)}").status
        finally:
            door.close()

    with ThreadPoolExecutor(AT_ONCE) as many:
        # Many at once, so that each process keeps several connections.
        assert set(many.map(ask, range(AT_ONCE * 4))) == {200}
        end_all(platform)
        assert {ask(number) for number in range(PROCESSES * 2)} == {200}
        assert set(many.map(ask, range(AT_ONCE * 4))) == {200}
        end_all(platform)
        assert set(many.map(ask, range(AT_ONCE * 4))) == {200}
