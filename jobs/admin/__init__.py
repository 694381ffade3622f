"""Background work in the platform's admin: what is due, and what beat starts when."""

from jobs.admin import queue, schedules

__all__ = ["queue", "schedules"]
