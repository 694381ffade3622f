"""Signing in by e-mail and password, bound to one schema."""

from typing import Any

from django.http import HttpRequest

from tenants.context import current_schema
from tenants.middleware import SESSION_SCHEMA_KEY


def bind_session_to_schema(sender: object, request: HttpRequest, **kwargs: Any) -> None:  # noqa: ARG001  -- signal
    """Note in a new session where it was opened; `SessionSchemaMiddleware` checks it."""
    request.session[SESSION_SCHEMA_KEY] = current_schema()
