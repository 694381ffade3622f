"""The tasks of webhooks: messages that carry nothing; what is due stands in the database."""

import logging

from celery import shared_task

from tenants.celery import HospitalTask
from webhooks.cleaning import forget_old_deliveries
from webhooks.dispatch import deliver_due

logger = logging.getLogger(__name__)

# A message that nobody took in this time says nothing new (seconds).
STALE_AFTER = 30


@shared_task(name="webhooks.deliver", base=HospitalTask)
def deliver() -> int:
    """Deliver what is due, of all hospitals; return how many attempts were made."""
    return deliver_due()


@shared_task(name="webhooks.clean_up", base=HospitalTask)
def clean_up() -> int:
    """Forget what is older than 30 days; return how many deliveries and attempts went."""
    return forget_old_deliveries()


def announce(_lane: str) -> None:
    """Ask the broker for a round of deliveries; a broker that is away is none of the caller's business."""
    try:
        deliver.apply_async(expires=STALE_AFTER, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  -- whatever the broker's client raises
        logger.warning("no hint to the workers: %s", type(error).__name__)
