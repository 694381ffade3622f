"""Forgetting codes: a standing job of the public schema."""

from datetime import datetime, timedelta

from core import clock
from verification.models import PhoneChallenge

CLEAN_UP, LANE = "verification.clean_up", "chores"
EVERY = timedelta(hours=6)
# Longer than any limit looks back (verification/limits.py).
KEPT_FOR = timedelta(days=2)
# Rows in one transaction.
BATCH = 2000


def clean_up(_subject: str = "") -> datetime:
    """The job: remove some of what is old; return when to come again, at once for the rest."""
    old = PhoneChallenge.objects.filter(created_at__lt=clock.now() - KEPT_FOR).order_by("created_at")
    removed, _by_model = PhoneChallenge.objects.filter(pk__in=old.values("pk")[:BATCH]).delete()
    return clock.now() if removed >= BATCH else clock.now() + EVERY
