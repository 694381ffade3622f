"""What beat starts, unless an operator changed it in the admin. Each may run twice at no harm."""

from datetime import timedelta
from typing import Any


def _lane(name: str, every: timedelta) -> dict[str, Any]:
    """Look whether anything is due in a lane: a message that is late by one round says nothing new."""
    return {
        "task": "jobs.run",
        "schedule": every,
        "args": [name],
        "options": {"expire_seconds": every.total_seconds()},
    }


SCHEDULE: dict[str, dict[str, Any]] = {
    "Hand on events": _lane("events", timedelta(seconds=5)),
}
