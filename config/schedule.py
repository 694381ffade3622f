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
    "Deliver webhooks": {
        "task": "webhooks.deliver",
        "schedule": timedelta(seconds=5),
        "options": {"expire_seconds": 5},
    },
    "Queue webhooks again": _lane("webhooks.recover", timedelta(seconds=30)),
    "Forget old deliveries of webhooks": {"task": "webhooks.clean_up", "schedule": timedelta(days=1)},
    "Hand on events": _lane("events", timedelta(seconds=5)),
    "Plan reminders, expire holds, clean up": _lane("chores", timedelta(seconds=5)),
    "Send notices": _lane("notices", timedelta(seconds=5)),
    "Send notices by Telegram": _lane("telegram", timedelta(seconds=5)),
    "Work off bulk work": _lane("bulk", timedelta(seconds=5)),
    "See that workers live": {
        "task": "observing.heartbeat",
        "schedule": timedelta(seconds=15),
        "options": {"expire_seconds": 15},
    },
    "Give every hospital its standing jobs": {"task": "jobs.stand", "schedule": timedelta(minutes=10)},
}
