"""GET /api/mcp/sse: the stream as server-sent events (WHATWG HTML, section 9.2)."""

import asyncio
import logging
from contextlib import suppress
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from apikeys.limits import by_address, spend
from core.errors import DomainError
from core.faults import Fault
from credentials.callers import TOKEN_HEADER, Credential
from mcp_integration.gateway.asked import Asked
from mcp_integration.gateway.endpoint import address_of, known_caller
from mcp_integration.gateway.faults import Refused, fault_of, wrong
from mcp_integration.gateway.languages import language_of
from mcp_integration.gateway.replies import fault_reply
from mcp_integration.metrics import STREAMS
from mcp_integration.streams.checking import expiry_of
from mcp_integration.streams.hubs import hub
from mcp_integration.streams.stream import Stream
from mcp_integration.streams.tickets import Admitted, take_ticket
from mcp_integration.threads import run_in_thread
from tenants.models import Hospital

HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}
logger = logging.getLogger(__name__)

# How long a client whose stream has ended may take to read the farewell before it is cut off (seconds).
FAREWELL: Final = 5.0


class Sse:
    """The address. Refusals are answered in the platform's envelope, before the stream begins."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        language = language_of(Headers(scope=scope))
        with translation.override(language or settings.LANGUAGE_CODE):
            try:
                await _answer(scope, language, receive, send)
            except (DomainError, Refused, DatabaseError) as refusal:
                await fault_reply(fault_of(refusal))(scope, receive, send)


async def _answer(scope: Scope, language: str | None, receive: Receive, send: Send) -> None:
    if scope["method"] not in ("GET", "HEAD"):
        raise Refused(_not_allowed())
    asked = _asked(scope, language)
    admitted = await run_in_thread(admit, asked)
    if scope["method"] == "HEAD":
        await Response(headers=HEADERS)(scope, receive, send)
    else:
        with STREAMS.labels("sse").track_inprogress():
            await _serve(asked, admitted, receive, send)


def admit(asked: Asked) -> Admitted:
    """Who listens to what: by a ticket, else by the headers and the hospital that is named beside them.

    Raises as `credential_of_headers`, `take_ticket`; `TooManyRequests`, `Refused`, `HospitalNotFound`.
    """
    if ticket := asked.query.get("ticket"):
        try:
            return take_ticket(ticket)
        except DomainError:
            spend("anonymous", by_address(asked.address))
            raise
    return admit_by_headers(asked)


def admit_by_headers(asked: Asked) -> Admitted:
    """Who listens to what, by the headers. Counts as one request for reading. Raises as `admit`."""
    caller = known_caller(asked)
    spend("reading", caller.spender)
    scheme, _space, token = asked.headers.get(TOKEN_HEADER, "").strip().partition(" ")
    expires_at = expiry_of(token.strip()) if scheme.lower() == "bearer" and caller.claims else None
    return Admitted(caller, _hospital_of(caller, asked), expires_at)


def _hospital_of(caller: Credential, asked: Asked) -> Hospital | None:
    named = asked.query.get("hospital_id") or None
    try:
        uuid = UUID(named) if named else None
    except ValueError as error:
        raise Refused(wrong(hospital_id=_("This is not an id."))) from error
    return caller.hospital_named(subdomain=asked.query.get("subdomain") or None, uuid=uuid)


async def _serve(asked: Asked, admitted: Admitted, receive: Receive, send: Send) -> None:
    """Open the stream and send it until one of the two sides ends it."""
    # Where a page opens the stream itself it cannot set the header either.
    after = asked.headers.get("last-event-id") or asked.query.get("last_event_id") or None
    speaks = asked.language or (admitted.hospital.language if admitted.hospital else "en")
    async with hub().listen(
        admitted.credential,
        admitted.hospital,
        after,
        token_expires_at=admitted.token_expires_at,
        language=speaks,
    ) as stream:
        raw = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        sending = asyncio.create_task(_send_all(stream, send), name="streams send")
        leaving = asyncio.create_task(_until_gone(receive), name="streams gone")
        ending = asyncio.create_task(_until_cut_off(stream), name="streams cut off")
        tasks = (sending, leaving, ending)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if not sending.cancelled() and (error := sending.exception()) is not None:
            # The answer has begun: nothing is left but to break it off.
            logger.error("a stream broke off (%s)", type(error).__name__)


async def _send_all(stream: Stream, send: Send) -> None:
    # A client that went away in the middle of a message is told of by `receive` too.
    with suppress(OSError):
        async for message in stream:
            await send({"type": "http.response.body", "body": message.as_sse(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _until_cut_off(stream: Stream) -> None:
    await stream.ended.wait()
    await asyncio.sleep(FAREWELL)


def _asked(scope: Scope, language: str | None) -> Asked:
    headers = Headers(scope=scope)
    return Asked(
        method=scope["method"],
        path=scope["path"],
        parts=scope.get("path_params", {}),
        query=QueryParams(scope["query_string"]),
        headers=headers,
        body=b"",
        address=address_of(scope, headers),
        language=language,
    )


def _not_allowed() -> Fault:
    message = _("This method is not allowed here.")
    return Fault("VALIDATION_ERROR", 405, message, headers={"Allow": "GET, HEAD"})
