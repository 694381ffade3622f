"""The web process: `gunicorn config.wsgi`."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from config.utf8 import Utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")


class Utf8Request(Utf8, WSGIRequest):
    """A request in UTF-8, whatever its Content-Type says."""


class Application(WSGIHandler):
    """Django's own, with that request."""

    request_class = Utf8Request


django.setup(set_prefix=False)
application = Application()
