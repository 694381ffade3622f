"""A limit over real HTTP: many connections, several processes, one count."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.live.crowd import Answer, Door, day_ahead

CALLS, THREADS, LIMIT = 2000, 32, 100


def test_of_2000_requests_over_32_connections_exactly_100_pass(platform):
    place = platform.places["rama"]
    door = Door(platform.port, "rama", place["limited_key"])
    path = f"/availability/{place['check_up']}?date={day_ahead(3)}"

    def ask(count: int) -> list[Answer]:
        try:
            return [door.call("GET", path) for _ in range(count)]
        finally:
            door.close()

    shares = [CALLS // THREADS + (number < CALLS % THREADS) for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        answers = [answer for some in pool.map(ask, shares) for answer in some]

    assert Counter(answer.status for answer in answers) == {200: LIMIT, 429: CALLS - LIMIT}
    refused = [answer.headers for answer in answers if answer.status == 429]
    assert {headers["RateLimit"].split(";")[1] for headers in refused} == {"r=0"}
    assert all(0 < int(headers["Retry-After"]) <= 3600 for headers in refused)
