"""A process that asks for an allowance again and again; several of them are started at once by a test.

``python -m tests.apikeys.crowd NAME LIMIT TRIES THREADS`` waits for a line on its standard input, then prints
how many tries were allowed, refused, and counted without Redis.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from apikeys import counting  # noqa: E402  -- Django first
from apikeys.limits import Spender, TooManyRequests, limits_degraded, spend  # noqa: E402
from apikeys.policies import Rate  # noqa: E402


def main(name: str, limit: int, tries: int, threads: int) -> None:
    """Try, with so many threads at once."""
    # A slow machine must not look like a Redis that is away.
    counting.PATIENCE = 20
    who = Spender(name, rates={"availability": Rate(limit, 3600)})

    def is_allowed(_number: int) -> bool:
        try:
            spend("availability", who)
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(threads) as pool:
        say("ready")
        sys.stdin.readline()
        allowed = sum(pool.map(is_allowed, range(tries)))
    say(f"{allowed} {tries - allowed} {limits_degraded()}")


def say(line: str) -> None:
    """Tell whoever started us, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
