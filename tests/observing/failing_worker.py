"""The project's Celery application with one more task: it fails with a patient's name in the message."""

import logging

import django

django.setup()

from config.celery import app  # noqa: E402  -- Django first
from tenants.celery import HospitalTask  # noqa: E402  -- Django first
from tests.observing.canary import EMAIL, NAME, NOTE, PHONE  # noqa: E402  -- Django first

__all__ = ["app"]


@app.task(name="tests.fail", base=HospitalTask)
def fail(word: str) -> None:
    """Say something and fail."""
    logging.getLogger("bookings.tests").warning("inside")
    note = NOTE
    raise ValueError(f"{NAME} {PHONE} {EMAIL} {note} {word}")
