"""Switching an endpoint off: nothing more is sent, and nothing is lost."""

from core import clock
from webhooks.models import Delivery, State, Webhook, Why


def switch_off(row: Webhook, why: Why) -> None:
    """Switch off a locked webhook, in a transaction; what waits is kept to be recovered later."""
    if row.is_active:
        row.is_active, row.disabled_at, row.disabled_why = False, clock.now(), why
    row.recovering_since = row.recovering_after = None
    row.save()
    Delivery.objects.filter(webhook=row, state=State.PENDING).update(state=State.KEPT, next_attempt_at=None)
