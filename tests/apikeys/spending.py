"""Short ways to spend allowances."""

from secrets import token_hex

from apikeys.limits import Spender, TooManyRequests, spend
from apikeys.policies import Rate


def somebody(**rates: Rate) -> Spender:
    """A spender whom nobody has counted yet."""
    return Spender(f"key:{token_hex(5)}", rates=rates)


def passed(policy: str, who: Spender, *, tries: int) -> int:
    """How many of so many tries are allowed."""
    count = 0
    for _ in range(tries):
        try:
            spend(policy, who)
        except TooManyRequests:
            continue
        count += 1
    return count
