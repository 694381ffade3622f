"""A socket whose caller is known: calls of tools, subscriptions, and what happens."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import anyio
from anyio.abc import TaskGroup
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.errors import DomainError, Kind, NotFound
from core.faults import Fault
from credentials.callers import Credential, look_again
from mcp_integration.collections.reading import CollectionNotAllowed
from mcp_integration.gateway.faults import Refused, error_of, fault_of, wrong
from mcp_integration.gateway.frames import Said, read_message, request_id_of, text_of
from mcp_integration.gateway.invoking import Request, answer_of, call_tool, counted, request_of
from mcp_integration.gateway.outgoing import NOT_LET_IN, RESTARTING, TOO_LATE, TRY_AGAIN, Outgoing
from mcp_integration.invoking import tool_named
from mcp_integration.streams.messages import Message
from mcp_integration.streams.stream import Stream
from mcp_integration.streams.telling import HOSPITAL_FAMILIES, PLATFORM_FAMILIES
from mcp_integration.threads import run_in_thread
from mcp_integration.toolbox.parameters import HOSPITAL_ID, SUBDOMAIN
from mcp_integration.toolbox.tool import Place
from tenants.models import Hospital

# Calls of one socket that are at work, and those that may wait for their turn besides.
AT_WORK, WAITING = 4, 16
# How long a client that has subscribed to nothing may be silent (seconds).
IDLE: Final = 600.0
# How long a client may take to read why it is sent away (seconds).
FAREWELL: Final = 5.0

# Refusals of a credential that open nothing for it any more.
_SENT_AWAY = (Kind.BAD_CREDENTIALS, Kind.NOT_ALLOWED)
_CLOSE_CODES = {
    "too_many_streams": TRY_AGAIN,
    "reader_too_slow": TRY_AGAIN,
    "cannot_be_checked": TRY_AGAIN,
    "server_restarts": RESTARTING,
}


class NothingToSubscribeTo(NotFound):
    """Nothing goes by that name of which changes are told."""

    reason = "resource_not_found"
    text = gettext_lazy("There is no such resource to subscribe to.")


class NotSubscribed(NotFound):
    """The socket had not subscribed to what it wants to hear no more of."""

    reason = "not_subscribed"
    text = gettext_lazy("You have not subscribed to this.")


class TooManyCalls(DomainError):
    """As many calls of this socket are under way as may be."""

    kind = Kind.LIMITED
    reason = "too_many_calls"
    text = gettext_lazy("Too many calls are under way. Wait for an answer first.")

    def __init__(self) -> None:
        super().__init__(retry_after=1, limit=AT_WORK + WAITING)


class Conversation:
    """What is said on one socket from the moment that its caller is known."""

    def __init__(
        self,
        websocket: WebSocket,
        outgoing: Outgoing,
        credential: Credential,
        hospital: Hospital | None,
        language: str | None,
    ) -> None:
        self._websocket = websocket
        self._outgoing = outgoing
        self._credential = credential
        self._hospital = hospital
        self._language = language
        self._subscribed: set[str] = set()
        self._calls: set[str | int] = set()
        self._turns = asyncio.Semaphore(AT_WORK)
        self._close_code = 1000

    async def run(self, stream: Stream) -> int:
        """Talk until either side ends it; return the code to close with.

        Raises `WebSocketDisconnect`, `ReaderTooSlow`.
        """
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._tell, stream, tasks)
            tasks.start_soon(self._cut_off, stream, tasks)
            await self._listen(tasks)
            tasks.cancel_scope.cancel()
        return self._close_code

    async def _listen(self, tasks: TaskGroup) -> None:
        while True:
            try:
                async with asyncio.timeout(IDLE):
                    message = await self._websocket.receive()
            except TimeoutError:
                if self._subscribed or self._calls:
                    continue
                await self._outgoing.refuse(
                    Fault("VALIDATION_ERROR", 408, _("Nothing was said for too long."))
                )
                self._close_code = TOO_LATE
                return
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1005))
            try:
                await self._take(read_message(message.get("text")), tasks)
            except (Refused, DomainError) as refused:
                await self._outgoing.refuse(fault_of(refused))

    async def _take(self, said: Said, tasks: TaskGroup) -> None:
        if said.kind == "auth":
            raise Refused(wrong(type=_("You are signed in already.")))
        if said.kind == "tool_invoke":
            await self._begin_call(said, tasks)
            return
        resource = text_of(said.fields, "resource", longest=64)
        if said.kind == "subscribe":
            self._require(resource)
            self._subscribed.add(resource)
        elif resource in self._subscribed:
            self._subscribed.discard(resource)
        else:
            raise NotSubscribed

    def _require(self, resource: str) -> None:
        """Raise `NothingToSubscribeTo`, and `CollectionNotAllowed` for what this caller may not hear of."""
        verbs = [verb for name, verb in _heard_of(at_hospital=self._hospital is not None) if name == resource]
        if not verbs:
            raise NothingToSubscribeTo
        if not any(self._credential.actor.can(verb) for verb in verbs):
            raise CollectionNotAllowed

    # ── calls ─────────────────────────────────────────────────────────────────
    async def _begin_call(self, said: Said, tasks: TaskGroup) -> None:
        """Have a call made beside those that are under way. Whatever is wrong with it is its answer."""
        key = request_id_of(said.fields)
        if (refusal := self._too_much(key)) is not None:
            await self._outgoing.say("tool_response", request_id=key, error=error_of(fault_of(refusal)))
            return
        self._calls.add(key)
        tasks.start_soon(self._call, key, said.fields, tasks)

    def _too_much(self, key: str | int) -> Exception | None:
        if key in self._calls:
            return Refused(wrong(request_id=_("A call with this id is under way.")))
        return TooManyCalls() if len(self._calls) >= AT_WORK + WAITING else None

    async def _call(self, key: str | int, fields: dict[str, Any], tasks: TaskGroup) -> None:
        try:
            # A turn lasts until the answer is sent: results wait for whoever reads slowly, four at most.
            async with self._turns:
                answer, is_over = await run_in_thread(self._answer, fields)
                await self._outgoing.say("tool_response", request_id=key, **answer)
        finally:
            self._calls.discard(key)
        if is_over:
            self._close_code = NOT_LET_IN
            tasks.cancel_scope.cancel()

    def _answer(self, fields: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """The result or the error of a call, and whether its caller may not be here any more. In a thread."""
        try:
            # A change of what the caller may do counts from the next call on.
            caller = look_again(self._credential)
            with counted(caller):
                request = request_of({name: fields[name] for name in ("tool", "params") if name in fields})
        except Exception as error:  # noqa: BLE001  -- every refusal leaves in one form
            is_over = isinstance(error, DomainError) and error.kind in _SENT_AWAY
            return {"error": error_of(fault_of(error))}, is_over
        return answer_of(call_tool(caller, self._at_hospital(request), self._language)), False

    def _at_hospital(self, request: Request) -> Request:
        """A call of the platform's, for the hospital that was named at the beginning unless it names one."""
        tool = tool_named(request.tool)
        if self._credential.hospital or self._hospital is None or tool is None or tool.names_hospital_itself:
            return request
        if request.params.keys() & {SUBDOMAIN, HOSPITAL_ID} or tool.place is Place.PLATFORM:
            return request
        place = {SUBDOMAIN: self._hospital.subdomain}
        if SUBDOMAIN not in tool.parameters().fields:
            place = {HOSPITAL_ID: str(self._hospital.uuid)}
        return replace(request, params={**request.params, **place})

    # ── what happens ──────────────────────────────────────────────────────────
    async def _tell(self, stream: Stream, tasks: TaskGroup) -> None:
        async for message in stream:
            data = message.data
            if message.event == "resource_update" and data["resource"] in self._subscribed:
                await self._outgoing.say("resource_update", **data)
            elif message.event == "error_event" and "tool" not in data["details"]:
                await self._say_what_is_wrong(message)
        tasks.cancel_scope.cancel()

    async def _say_what_is_wrong(self, told: Message) -> None:
        """That changes may be missing, or why the stream ends: then it is the last message."""
        details = dict(told.data["details"])
        message = str(details.pop("message", ""))
        self._close_code = _CLOSE_CODES.get(str(details.get("reason")), NOT_LET_IN)
        await self._outgoing.refuse(Fault(told.data["error"], 0, message, details))

    async def _cut_off(self, stream: Stream, tasks: TaskGroup) -> None:
        """Whoever does not read why it is sent away goes without it."""
        await stream.ended.wait()
        await asyncio.sleep(FAREWELL)
        tasks.cancel_scope.cancel()


def _heard_of(*, at_hospital: bool) -> Iterator[tuple[str, str]]:
    """The resources of which changes are told, each with a verb that opens it."""
    for family in (HOSPITAL_FAMILIES if at_hospital else PLATFORM_FAMILIES).values():
        yield from ((family.resource, verb) for verb in (*family.verbs, family.own) if verb)
    for family in PLATFORM_FAMILIES.values() if at_hospital else ():
        yield from ((family.resource, verb) for verb in family.home)
