"""What every HTTP address of the gateway has in common: methods, bodies, languages, refusals."""

from collections.abc import Callable, Mapping

import anyio
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from apikeys.addresses import client_address
from apikeys.limits import TooManyRequests, by_address, spend
from core.actor import Door
from core.errors import DomainError
from core.faults import Fault
from credentials.callers import Credential, credential_of_headers
from mcp_integration.gateway.asked import Asked, printable
from mcp_integration.gateway.faults import Refused, fault_of, wrong
from mcp_integration.gateway.languages import language_of
from mcp_integration.gateway.replies import fault_reply
from mcp_integration.threads import run_in_thread

Handler = Callable[[Asked], Response]

# A body is small, and comes in one go: 1 MiB in ten seconds at most.
LARGEST_BODY, BODY_SECONDS = 1024 * 1024, 10


class Endpoint:
    """An address. Its handlers run in a thread, once the body is there; what they raise is answered."""

    def __init__(self, **handlers: Handler) -> None:
        self.handlers: Mapping[str, Handler] = {name.upper(): work for name, work in handlers.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        request = Request(scope, receive)
        try:
            reply = await self._reply(request)
        except ClientDisconnect:
            return
        if request.method == "HEAD":
            # The same headers, the length of the body included (RFC 9110, section 9.3.2).
            reply = Response(status_code=reply.status_code, headers=dict(reply.headers))
        await reply(scope, receive, send)

    async def _reply(self, request: Request) -> Response:
        language = language_of(request.headers)
        with translation.override(language or settings.LANGUAGE_CODE):
            try:
                handler = self._handler(request.method)
                asked = await _asked(request, language)
            except Refused as refused:
                return fault_reply(refused.fault)
            return await run_in_thread(_answer, handler, asked)

    def _handler(self, method: str) -> Handler:
        handler = self.handlers.get("GET" if method == "HEAD" else method)
        if handler is None:
            allowed = [*self.handlers, *(["HEAD"] if "GET" in self.handlers else [])]
            message = _("This method is not allowed here.")
            raise Refused(Fault("VALIDATION_ERROR", 405, message, headers={"Allow": ", ".join(allowed)}))
        return handler


async def _asked(request: Request, language: str | None) -> Asked:
    return Asked(
        method=request.method,
        path=request.url.path,
        parts=request.path_params,
        query=_query(request),
        headers=request.headers,
        body=await _body(request),
        address=address_of(request.scope, request.headers),
        language=language,
    )


def _query(request: Request) -> Mapping[str, str]:
    """The query, each name once: of two values we would have to choose one. Raises `Refused`."""
    names = [name for name, _value in request.query_params.multi_items()]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(wrong(**{printable(twice): _("This field is given twice.")}))
    return request.query_params


async def _body(request: Request) -> bytes:
    """The body, with or without a length given before. Raises `Refused` for one too large or too slow."""
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > LARGEST_BODY:
        raise _too_large()
    parts, size = [], 0
    try:
        with anyio.fail_after(BODY_SECONDS):
            async for part in request.stream():
                parts.append(part)
                size += len(part)
                if size > LARGEST_BODY:
                    raise _too_large()
    except TimeoutError as error:
        raise Refused(Fault("VALIDATION_ERROR", 408, _("The body took too long to arrive."))) from error
    return b"".join(parts)


def _too_large() -> Refused:
    return Refused(Fault("VALIDATION_ERROR", 413, _("The request is too large.")))


def _answer(handler: Handler, asked: Asked) -> Response:
    try:
        return handler(asked)
    except TooManyRequests as refusal:
        return fault_reply(fault_of(refusal), refusal.allowance)
    except Exception as error:  # noqa: BLE001  -- every refusal leaves in one form
        return fault_reply(fault_of(error))


def known_caller(asked: Asked) -> Credential:
    """Whose request it is. Raises as `credential_of_headers`, and `TooManyRequests`.

    Missing and wrong credentials count against the address; good ones are never refused for what others at
    the same address did.
    """
    try:
        return credential_of_headers(asked.headers, Door.MCP)
    except DomainError:
        spend("anonymous", by_address(asked.address))
        raise


def missing(asked: Asked) -> Response:  # noqa: ARG001  -- a handler
    """Nothing is here, whatever the method."""
    return fault_reply(Fault("RESOURCE_NOT_FOUND", 404, _("There is nothing at this address.")))


def address_of(scope: Scope, headers: Mapping[str, str]) -> str:
    """The address that a request or a socket came from."""
    host = (scope.get("client") or ("",))[0]
    return client_address({"REMOTE_ADDR": host, "HTTP_X_FORWARDED_FOR": headers.get("x-forwarded-for", "")})
