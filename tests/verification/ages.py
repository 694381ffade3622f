"""Letting time pass for the rows of codes."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from verification.models import PhoneChallenge

_TIMES = ("created_at", "expires_at", "used_at", "ended_at", "sent_at", "failed_at")


def let_pass(**time: Any) -> None:
    """As if so much time had passed since each row was written."""
    passed = timedelta(**time)
    PhoneChallenge.objects.update(**{name: F(name) - passed for name in _TIMES})


def other_than(code: str, number: int = 1) -> str:
    """A code that is not that one."""
    return f"{(int(code) + number) % 10**6:06d}"
