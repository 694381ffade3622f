"""Who sent a message, and in which language they are answered."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

from django.utils import translation
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.context import ServerRequestContext
from starlette.types import Scope

from core.actor import Door
from credentials.callers import Credential, credential_of
from mcp_integration.gateway.languages import language_of
from mcp_integration.server.errors import protocol_error
from mcp_integration.threads import in_thread, run_in_thread

T = TypeVar("T")

Context = ServerRequestContext[Any, Any]

_CREDENTIAL = "nadmor.credential"


def note_caller(scope: Scope, credential: Credential) -> None:
    """Keep with an HTTP request whose it is: for our handlers, and for the SDK, which ties sessions to it."""
    scope[_CREDENTIAL] = credential
    scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=credential.name, scopes=[]))


def caller_in(scope: Scope) -> Credential:
    """The credential that `note_caller` kept."""
    credential: Credential = scope[_CREDENTIAL]
    return credential


def _scope(ctx: Context) -> Scope:
    """Of the HTTP request that brought the message."""
    request: Any = ctx.request
    scope: Scope = request.scope
    return scope


class Callers(Protocol):
    """Finds whose a message is."""

    async def credential(self, ctx: Context) -> Credential:
        """The credential of the message."""

    def name(self, ctx: Context) -> str:
        """What tells callers apart, without looking anything up."""


class ByRequest:
    """Callers by HTTP: each message brings its own credential, checked before it comes here."""

    async def credential(self, ctx: Context) -> Credential:
        """The credential that came with the message."""
        return caller_in(_scope(ctx))

    def name(self, ctx: Context) -> str:
        """The credential's own."""
        return caller_in(_scope(ctx)).name


class ByKey:
    """The one caller on stdio: always the same key, looked at anew for each message."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def credential(self, ctx: Context) -> Credential:  # noqa: ARG002  -- the same whatever came
        """The key's credential as it is now. Raises `MCPError` where it opens nothing any more."""
        try:
            return await run_in_thread(credential_of, self._text, Door.MCP)
        except Exception as error:  # noqa: BLE001  -- every refusal leaves in one form
            raise protocol_error(error) from None

    def name(self, ctx: Context) -> str:  # noqa: ARG002  -- the same whatever came
        """Not the key, which is a secret, but what only it leads to."""
        return hashlib.sha256(self._text.encode()).hexdigest()


def headers_of(ctx: Context) -> Mapping[str, str]:
    """The HTTP headers that a message came with; none on stdio."""
    return {} if ctx.request is None else ctx.request.headers


def language_for(ctx: Context, credential: Credential) -> str:
    """The language asked for, else the hospital's own."""
    asked = language_of(headers_of(ctx))
    return asked or (credential.hospital.language if credential.hospital else "en")


async def in_their_language(language: str, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """What `work` gives in a thread, its texts in that language."""
    return await in_thread(partial(_worded, language, work, arguments, named))


def _worded(language: str, work: Callable[..., T], arguments: tuple[Any, ...], named: Mapping[str, Any]) -> T:
    with translation.override(language):
        return work(*arguments, **named)
