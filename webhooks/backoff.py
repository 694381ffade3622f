"""When a delivery that failed is tried again.

The schedule is the example of the Standard Webhooks specification v1.0.0 ("Deliverability and reliability").
"""

import random
from datetime import timedelta

# The pause before each attempt: ten attempts over about 76 hours.
SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# Each pause is so much longer or shorter at random: what failed together does not come back together.
JITTER = 0.2


def pause_after(failed: int, *, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many failed attempts (from 1 on), or None when that was the last one.

    `asked` is the receiver's ``Retry-After``: it can make the pause as long as twice the usual one, and not
    shorter, so that no receiver holds a delivery for ever or has itself called faster.
    """
    if failed >= len(SCHEDULE):
        return None
    usual = SCHEDULE[failed]
    if asked is not None:
        return min(max(asked, usual), 2 * usual)
    return usual * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  -- no secret
