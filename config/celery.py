"""The Celery application: `celery -A config worker`, `celery -A config beat`."""

import os

from celery import Celery

from config.broker import use_lasting_channels
from observing.workers import observe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

use_lasting_channels()
app = Celery("nadmor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
observe(app)
