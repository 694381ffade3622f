"""The database ended every connection while nobody asked anything: a process loses one request, not eight."""

from concurrent.futures import ThreadPoolExecutor

from tests.live.crowd import Door, day_ahead

AT_ONCE, PROCESSES = 16, 2
_END_ALL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_after_the_database_lost_its_connections_each_process_fails_once_at_most(platform):
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
    [(ended,)] = platform.query("ploy", _END_ALL)
    assert ended > 2 * PROCESSES, "the processes kept too few connections to tell"
    answers = [ask(number) for number in range(AT_ONCE * 2)]

    assert set(answers) <= {200, 503}
    assert answers.count(503) <= PROCESSES
