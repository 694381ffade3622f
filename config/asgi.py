"""The MCP process: `manage.py runmcpserver --http`, or `uvicorn config.asgi:application`."""

import os
from functools import partial
from typing import cast

import django
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from starlette.types import ASGIApp

from config.utf8 import Utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")


class Utf8Request(Utf8, ASGIRequest):
    """A request in UTF-8, whatever its Content-Type says."""


class Django(ASGIHandler):
    """Django's own, with that request."""

    request_class = Utf8Request


django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402  -- what follows needs the applications

from mcp_integration.server.app import build  # noqa: E402  -- the same
from mcp_integration.server.logs import at_level  # noqa: E402  -- the same
from mcp_integration.server.protocol import groups_named  # noqa: E402  -- the same
from mcp_integration.server.watching import routes as watching  # noqa: E402  -- the same
from observing.health import readiness  # noqa: E402  -- the same

at_level(settings.MCP_LOG_LEVEL)
# With the parts that this room alone may bring together; the protocol's own tests add theirs.
compose = partial(build, cast(ASGIApp, Django()), watching=watching(readiness))
application = compose(groups=groups_named(settings.MCP_TOOLS))
