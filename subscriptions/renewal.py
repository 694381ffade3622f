"""What the calendar does to subscriptions: they begin, renew, and end. A standing job of the platform.

Days are those of each hospital's clocks, so that the job looks every hour: somewhere it has just become
midnight. What is due is found in the rows; whoever looks late makes up for every period that was missed.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from core import clock
from core.actor import Actor
from subscriptions.events import SubscriptionEvent
from subscriptions.history import changes_since, facts_of, record_subscription
from subscriptions.models import Subscription, SubscriptionStatus
from subscriptions.periods import period_at
from tenants.context import outside

logger = logging.getLogger(__name__)

RENEW, LANE = "subscriptions.renew", "chores"
EVERY = timedelta(hours=1)
# In one transaction; what is left is taken up at once.
AT_ONCE = 100

_SYSTEM = Actor.system(RENEW)

# Locked, so that two jobs at once share the work, and in the order of their ends.
_DUE = """
SELECT s.id FROM public.subscriptions_subscription s JOIN public.tenants_hospital h ON h.id = s.hospital_id
WHERE (s.status = 'ACTIVE' AND s.current_period_end <= (statement_timestamp() AT TIME ZONE h.timezone)::date)
   OR (s.status = 'UPCOMING' AND s.start_date <= (statement_timestamp() AT TIME ZONE h.timezone)::date)
ORDER BY s.current_period_end, s.id LIMIT %s FOR UPDATE OF s SKIP LOCKED
"""


def renew_when_due(_subject: str = "") -> datetime:
    """The job: do what is due, and say when to look again."""
    full = renew_due(AT_ONCE) == AT_ONCE
    return clock.now() if full else clock.now() + EVERY


def renew_due(most: int = AT_ONCE) -> int:
    """Begin, renew or end what is due, each in a savepoint of its own; return how many that were.

    One that fails is left for the next time and does not hold up the others.
    """
    with outside(), transaction.atomic():
        return sum(_done(row) for row in _due(most))


def _done(row: Subscription) -> bool:
    try:
        with transaction.atomic():
            _bring_up_to(row, clock.today_in(row.hospital.timezone))
    except Exception as error:  # noqa: BLE001  -- one bad row must not hold up the rest
        # The class alone: a message may quote the row, and with it what a person wrote.
        logger.error("subscription %s is not up to date: %s", row.pk, type(error).__name__)  # noqa: TRY400
        return False
    return True


def _due(most: int) -> Iterator[Subscription]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [most])
        ids = [key for (key,) in cursor.fetchall()]
    found = Subscription.objects.select_related("plan", "hospital").in_bulk(ids)
    return (found[key] for key in ids)


def _bring_up_to(row: Subscription, today: date) -> None:
    if row.status == SubscriptionStatus.UPCOMING:
        _begin(row)
    while row.status == SubscriptionStatus.ACTIVE and row.current_period_end <= today:
        if row.cancel_at_period_end:
            _end(row, SubscriptionStatus.CANCELLED)
        elif not row.auto_renew:
            _end(row, SubscriptionStatus.EXPIRED)
        else:
            _renew(row)


def _begin(row: Subscription) -> None:
    _write(row, SubscriptionEvent.STARTED, status=SubscriptionStatus.ACTIVE.value)


def _renew(row: Subscription) -> None:
    """The next period, at the plan's present price."""
    period = period_at(row.start_date, row.months, row.current_period_end)
    _write(row, SubscriptionEvent.RENEWED, period=period, price=row.plan.price_for(row.billing_cycle))


def _end(row: Subscription, status: SubscriptionStatus) -> None:
    _write(
        row,
        SubscriptionEvent.ENDED,
        status=status.value,
        ended_at=clock.now(),
        cancel_at_period_end=False,
    )


def _write(row: Subscription, kind: SubscriptionEvent, **fields: object) -> None:
    before = facts_of(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    record_subscription(_SYSTEM, kind, row, changes_since(before, row))
