"""Telling the dispatcher that something is due: a hint, as beat looks every few seconds anyway."""

from jobs.wakeup import wake

LANE = "webhooks"


def wake_dispatcher() -> None:
    """Have what is due delivered once the transaction at hand is committed."""
    wake(LANE)
