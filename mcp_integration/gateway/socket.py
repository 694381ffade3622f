"""WebSocket ``/api/mcp/ws`` (RFC 6455): who is there, and then a conversation."""

import logging
import traceback
from typing import Any, Final
from uuid import UUID

import anyio
from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from apikeys.limits import by_address, spend
from core.actor import Door
from core.errors import DomainError
from credentials.callers import Credential, KeyRequired, credential_of
from mcp_integration.gateway.conversation import Conversation
from mcp_integration.gateway.endpoint import address_of
from mcp_integration.gateway.faults import Refused, fault_of, wrong
from mcp_integration.gateway.frames import read_message, text_of
from mcp_integration.gateway.languages import language_of
from mcp_integration.gateway.outgoing import (
    NOT_LET_IN,
    RESTARTING,
    TOO_LATE,
    TRY_AGAIN,
    Outgoing,
    ReaderTooSlow,
)
from mcp_integration.metrics import STREAMS
from mcp_integration.streams import hub
from mcp_integration.streams.errors import Leaving, TooManyStreams
from mcp_integration.threads import run_in_thread
from tenants.models import Hospital

logger = logging.getLogger(__name__)

# How long a client may take to say who it is (seconds), and how many in a process may not have said it yet.
TO_SAY_WHO, MOST_STRANGERS = 10.0, 200
_LONGEST_TOKEN: Final = 4096


class Socket:
    """The address. The process's guard has looked at the page that a browser comes from (``Origin``)."""

    def __init__(self) -> None:
        self._strangers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket (ASGI)."""
        websocket = WebSocket(scope, receive, send)
        if self._strangers >= MOST_STRANGERS:
            # Before the handshake: the server answers 403.
            await websocket.close(TRY_AGAIN)
            return
        language = language_of(websocket.headers)
        with (
            translation.override(language or settings.LANGUAGE_CODE),
            STREAMS.labels("websocket").track_inprogress(),
        ):
            await websocket.accept()
            await self._serve(websocket, language)

    async def _serve(self, websocket: WebSocket, language: str | None) -> None:
        outgoing = Outgoing(websocket)
        try:
            code = await self._talk(websocket, outgoing, language)
            await outgoing.close(code)
        except* (WebSocketDisconnect, ReaderTooSlow, TimeoutError):
            # It is gone, or does not read: nothing more can be said.
            pass
        except* Exception as unforeseen:  # noqa: BLE001  -- it is logged, as far as it may be
            # Where and what kind, never the message or values: they may name a patient.
            for error in unforeseen.exceptions:
                place = "".join(traceback.format_tb(error.__traceback__))
                logger.error("unforeseen %s\n%s", type(error).__name__, place)  # noqa: TRY400  -- the same

    async def _talk(self, websocket: WebSocket, outgoing: Outgoing, language: str | None) -> int:
        """Everything up to the close; returns its code."""
        try:
            credential, hospital = await self._let_in(websocket)
        except TimeoutError:
            await outgoing.refuse(fault_of(KeyRequired()))
            return TOO_LATE
        except (Refused, DomainError) as refused:
            await outgoing.refuse(fault_of(refused))
            return NOT_LET_IN
        except DatabaseError as error:
            await outgoing.refuse(fault_of(error))
            return TRY_AGAIN
        spoken = language or (hospital.language if hospital else "en")
        with translation.override(spoken):
            try:
                async with hub().listen(credential, hospital, language=spoken) as stream:
                    return await Conversation(websocket, outgoing, credential, hospital, language).run(stream)
            except (TooManyStreams, Leaving, DatabaseError) as refusal:
                await outgoing.refuse(fault_of(refusal))
                return RESTARTING if isinstance(refusal, Leaving) else TRY_AGAIN

    async def _let_in(self, websocket: WebSocket) -> tuple[Credential, Hospital | None]:
        """Who is there, by the first message. Raises `TimeoutError`, `Refused`, and refusals."""
        self._strangers += 1
        try:
            with anyio.fail_after(TO_SAY_WHO):
                message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1005))
            said = read_message(message.get("text"))
            if said.kind != "auth":
                raise KeyRequired
            address = address_of(websocket.scope, websocket.headers)
            return await run_in_thread(_who, said.fields, address)
        finally:
            self._strangers -= 1


def _who(fields: dict[str, Any], address: str) -> tuple[Credential, Hospital | None]:
    """The credential of an ``auth`` message, and the hospital that it is for. In a thread."""
    token = text_of(fields, "token", longest=_LONGEST_TOKEN)
    try:
        credential = credential_of(token, Door.MCP)
    except DomainError:
        spend("anonymous", by_address(address))
        raise
    spend("reading", credential.spender)
    return credential, credential.hospital_named(subdomain=_subdomain(fields), uuid=_uuid(fields))


def _subdomain(fields: dict[str, Any]) -> str | None:
    return text_of(fields, "subdomain", longest=63) if fields.get("subdomain") is not None else None


def _uuid(fields: dict[str, Any]) -> UUID | None:
    if fields.get("hospital_id") is None:
        return None
    try:
        return UUID(text_of(fields, "hospital_id", longest=36))
    except ValueError as error:
        raise Refused(wrong(hospital_id=_("This is not an id."))) from error
