"""A worker's sign of life: beat asks for it, the broker carries it, a worker gives it."""

from celery import shared_task

from observing.outside import note_heartbeat
from tenants.celery import HospitalTask


@shared_task(name="observing.heartbeat", base=HospitalTask)
def heartbeat() -> None:
    """Note that beat, the broker and a worker are all there."""
    note_heartbeat()
