"""The SDK's server with our handlers: each list is the caller's own, each call goes to the toolbox."""

from collections.abc import Callable
from typing import Any

import anyio
from django.conf import settings
from mcp.server.apps import client_supports_apps
from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.lowlevel import Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
)

from credentials.callers import Credential
from mcp_integration.invoking import Outcome, invoke, tool_named, usual_groups, visible_tools
from mcp_integration.server import asking, identity
from mcp_integration.server.callers import Callers, Context, in_their_language, language_for
from mcp_integration.server.errors import without_leaks
from mcp_integration.server.reading import Reading, only_page
from mcp_integration.server.results import error_result, on_wire, result_of
from mcp_integration.server.slots_app import APP_MIME_TYPE, EXTENSION_ID
from mcp_integration.threads import run_in_thread
from mcp_integration.toolbox.refusals import refusal_of
from mcp_integration.toolbox.tool import Group

Groups = frozenset[str] | None
Progress = Callable[[int, int, str], None]

_KEPT: tuple[CacheableMethod, ...] = (
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
)


def groups_named(text: str) -> Groups:
    """The groups of a setting or option: one by name, ``all``, or None for those that fit the caller."""
    if not text:
        return None
    return frozenset(map(str, Group)) if text == "all" else frozenset({text})


def make_server(callers: Callers, groups: Groups = None) -> Server[Any]:
    """A server for those whom `callers` finds behind their messages.

    `groups` of tools are served; without them, those that fit what each caller may do.
    """
    tools, reading = Tools(callers, groups), Reading(callers, groups)
    hint = CacheHint(ttl_ms=settings.MCP_CACHE_TTL * 1000, scope="private")
    server: Server[Any] = Server(
        identity.NAME,
        version=identity.VERSION,
        title=identity.TITLE,
        description=identity.DESCRIPTION,
        instructions=identity.INSTRUCTIONS,
        cache_hints={
            **dict.fromkeys(_KEPT, hint),
            # The same for everybody.
            "server/discover": CacheHint(ttl_ms=settings.MCP_CACHE_TTL * 1000, scope="public"),
        },
        get_tool_input_schema=_input_schema,
        on_list_tools=tools.list_tools,
        on_call_tool=tools.call_tool,
        on_list_resources=reading.list_resources,
        on_list_resource_templates=reading.list_templates,
        on_read_resource=reading.read_resource,
        on_list_prompts=reading.list_prompts,
        on_get_prompt=reading.get_prompt,
        on_completion=reading.complete,
    )
    server.extensions[EXTENSION_ID] = {"mimeTypes": [APP_MIME_TYPE]}
    server.middleware.append(without_leaks)
    server.middleware.append(RequestStateBoundary(_sealing(callers), default_audience=identity.NAME))
    return server


class Tools:
    """The handlers of `tools/list` and `tools/call`."""

    def __init__(self, callers: Callers, groups: Groups) -> None:
        self._callers = callers
        self._groups = groups

    async def list_tools(self, ctx: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        """The tools that the caller may use, always in the same order."""
        only_page(params)
        credential = await self._callers.credential(ctx)
        found = visible_tools(credential, self._served(credential))
        with_apps = _may_show_pages(ctx)
        return ListToolsResult(tools=[on_wire(tool, with_apps=with_apps) for tool in found])

    async def call_tool(
        self, ctx: Context, params: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult:
        """What the toolbox answers, after the person's yes where it wants one."""
        credential = await self._callers.credential(ctx)
        answer = asking.answer_in(params)
        if answer is False:
            return await self._declined(ctx, credential)
        outcome = await self._invoke(ctx, credential, params, confirmed=answer is True)
        question = _question_in(outcome)
        if question is None or not asking.can_be_asked(ctx):
            return _result(outcome)
        if asking.is_modern(ctx):
            return await in_their_language(language_for(ctx, credential), asking.question_for, question)
        answer = await asking.ask_now(ctx, question)
        if answer is None:
            return _result(outcome)
        if not answer:
            return await self._declined(ctx, credential)
        return _result(await self._invoke(ctx, credential, params, confirmed=True))

    async def _invoke(
        self, ctx: Context, credential: Credential, params: CallToolRequestParams, *, confirmed: bool
    ) -> Outcome:
        return await run_in_thread(
            invoke, credential, params.name, params.arguments or {}, groups=self._groups,
            progress=_progress_of(ctx), confirmed=confirmed, language=language_for(ctx, credential),
        )  # fmt: skip

    async def _declined(self, ctx: Context, credential: Credential) -> CallToolResult:
        refusal = await in_their_language(language_for(ctx, credential), refusal_of, asking.Declined())
        return error_result(refusal)

    def _served(self, credential: Credential) -> frozenset[str]:
        return usual_groups(credential) if self._groups is None else self._groups


def _result(outcome: Outcome) -> CallToolResult:
    """The outcome on the wire. Raises `MCPError` for a tool that there is not, as the protocol wants it."""
    if outcome.error is not None and outcome.error["reason"] == "tool_not_found":
        raise MCPError(INVALID_PARAMS, outcome.text, {"error": outcome.error})
    return result_of(outcome)


def _question_in(outcome: Outcome) -> str | None:
    """What the person has to be asked before the call does anything; None where it is done or refused."""
    if outcome.error is None or outcome.error["reason"] != "confirmation_required":
        return None
    return str(outcome.error["details"]["question"])


def _progress_of(ctx: Context) -> Progress:
    """What tells the client how far a call is, from the call's thread; nothing where it did not ask."""

    def tell(done: int, total: int, message: str) -> None:
        anyio.from_thread.run(ctx.session.report_progress, float(done), float(total), message)

    return tell


def _may_show_pages(ctx: Context) -> bool:
    # Of a client of the older revisions a stateless server knows nothing; what it does not know it ignores.
    return ctx.session.client_capabilities is None or client_supports_apps(ctx)


def _input_schema(name: str) -> dict[str, Any] | None:
    tool = tool_named(name)
    return None if tool is None else tool.input_schema


def _sealing(callers: Callers) -> RequestStateSecurity:
    return RequestStateSecurity(
        keys=identity.state_keys(), ttl=identity.THINKING_TIME, bind_principal=callers.name
    )
