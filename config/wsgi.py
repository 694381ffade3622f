"""The web process: `gunicorn config.wsgi`."""

import os
from collections.abc import Mapping
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")


class Utf8Request(WSGIRequest):
    """A request in UTF-8, whatever its Content-Type says.

    Django takes any codec that Python knows, also ones that decode no text, and a Content-Type that it cannot
    read at all stops it before anything of ours could answer.
    """

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        header = meta.get("CONTENT_TYPE", "")
        try:
            self.content_type, self.content_params = parse_header_parameters(header)
        except (ValueError, LookupError):
            self.content_type, self.content_params = header.partition(";")[0].strip().lower(), {}
        self.content_params.pop("charset", None)


class Application(WSGIHandler):
    """Django's own, with that request."""

    request_class = Utf8Request


django.setup(set_prefix=False)
application = Application()
