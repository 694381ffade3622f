"""How the rooms are joined: settings, addresses, entry points."""

# Tasks find the application as soon as Django is set up, in every process.
from config.celery import app as celery_app

__all__ = ["celery_app"]
