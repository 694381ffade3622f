"""The queue's tasks: a message names a lane and nothing else; what is due stands in the database."""

import logging

from celery import shared_task

from jobs.standing import ensure_standing
from jobs.worker import run_due
from tenants.celery import HospitalTask

logger = logging.getLogger(__name__)

# A message that nobody took in this time says nothing new (seconds).
STALE_AFTER = 30


@shared_task(name="jobs.run", base=HospitalTask)
def run(lane: str) -> int:
    """Do what is due in a lane; return how many jobs were tried."""
    return run_due(lane)


@shared_task(name="jobs.stand", base=HospitalTask)
def stand() -> int:
    """Add standing jobs that are missing; return how many there were."""
    return ensure_standing()


def announce(lane: str) -> None:
    """Ask the broker to have a lane worked on; a broker that is away is none of the caller's business."""
    try:
        run.apply_async([lane], expires=STALE_AFTER, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  -- whatever the broker's client raises
        logger.warning("no hint to the workers: %s", type(error).__name__)
