"""The SDK's HTTP transports, for callers with credentials."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import translation
from mcp.server.lowlevel import Server
from mcp.server.sse import SseServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from apikeys.limits import by_address, spend
from core.actor import Door
from core.errors import DomainError
from core.faults import Fault
from credentials.callers import Credential, credential_of_headers
from mcp_integration.gateway.endpoint import address_of
from mcp_integration.gateway.faults import fault_of
from mcp_integration.gateway.languages import language_of
from mcp_integration.gateway.replies import fault_reply
from mcp_integration.server.callers import note_caller
from mcp_integration.threads import in_thread

# A message is small; the largest is a medical record.
LARGEST_BODY = 1024 * 1024
# Streams of the old transport are kept by the process, each with its session.
MOST_OLD_STREAMS = 200


class Transports:
    """`/mcp` for the 2026-07-28 revision and those before it, `/sse` and `/messages/` for the oldest.

    On `/mcp` nothing is kept from one request to the next: any worker answers. A stream on `/sse` lives in
    one process, and only the credential that opened it may post to it.
    """

    def __init__(self, server: Server[Any], *, key: str = "") -> None:
        self._server, self._key = server, key
        self.manager = StreamableHTTPSessionManager(
            server, stateless=True, json_response=False, max_request_body_size=LARGEST_BODY
        )
        self._old = SseServerTransport("/messages/", max_request_body_size=LARGEST_BODY)
        self._old_streams = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Requests are served in the block; at its end those under way are broken off."""
        async with self.manager.run():
            yield

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        modern = self._known(StreamableHTTPASGIApp(self.manager))
        return [
            # No GET: on that stream of the older revisions a server that keeps nothing has nothing to say.
            Route("/mcp", endpoint=modern, methods=["POST"]),
            Route("/sse", endpoint=self._known(self._stream), methods=["GET"]),
            Mount("/messages", app=self._known(self._old.handle_post_message)),
        ]

    def _known(self, app: ASGIApp) -> "Known":
        return Known(app, self._key)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._old_streams >= MOST_OLD_STREAMS:
            full = Fault("SERVER_ERROR", 503, "Too many streams are open.", headers={"Retry-After": "30"})
            await fault_reply(full)(scope, receive, send)
            return
        self._old_streams += 1
        try:
            async with self._old.connect_sse(scope, receive, send) as (incoming, outgoing):
                options = self._server.create_initialization_options()
                await self._server.run(incoming, outgoing, options)
        finally:
            self._old_streams -= 1


class Known:
    """Lets in who has a credential, and notes whose request it is; others get the platform's envelope.

    `key` stands in for what a request lacks: for the protocol's own test suite, which can send none.
    """

    def __init__(self, app: ASGIApp, key: str = "") -> None:
        self._app, self._key = app, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        headers = Headers(scope=scope)
        given = dict(headers)
        if self._key:
            given = {"x-api-key": self._key, **given}
        with translation.override(language_of(headers) or settings.LANGUAGE_CODE):
            found = await in_thread(partial(_credential_or_fault, given, address_of(scope, headers)))
        if isinstance(found, Credential):
            note_caller(scope, found)
            await self._app(scope, receive, send)
        else:
            await fault_reply(found)(scope, receive, send)


def _credential_or_fault(headers: dict[str, str], address: str) -> Credential | Fault:
    try:
        return _credential(headers, address)
    except Exception as error:  # noqa: BLE001  -- every refusal leaves in one form
        return fault_of(error)


def _credential(headers: dict[str, str], address: str) -> Credential:
    try:
        return credential_of_headers(headers, Door.MCP)
    except DomainError:
        # Counts against the address; good ones are never refused for what others there did.
        spend("anonymous", by_address(address))
        raise
