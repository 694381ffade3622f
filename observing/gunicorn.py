"""gunicorn's own lines, in the same form as all others."""

import logging
import os
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from gunicorn import glogging

from observing.logs import formatter


class Logger(glogging.Logger):
    """What gunicorn says passes this project's formatter."""

    def _set_handler(
        self, log: logging.Logger, output: str, fmt: logging.Formatter, stream: Any = None
    ) -> None:
        # gunicorn speaks before it loads the application, which does the same (config/wsgi.py).
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
        # A setting that is missing is named when the application is loaded, in a moment.
        with suppress(ImproperlyConfigured):
            fmt = formatter(style=settings.LOG_FORMAT)
        super()._set_handler(log, output, fmt, stream)
