"""Resources, prompts and completions, each for its caller."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CompleteRequestParams,
    CompleteResult,
    Completion,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    PaginatedRequestParams,
    PromptArgument,
    PromptMessage,
    PromptReference,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
)
from mcp.types import Prompt as PromptOnWire

from credentials.callers import Credential
from mcp_integration import prompts, resources
from mcp_integration.server.callers import Callers, Context, in_their_language, language_for
from mcp_integration.server.errors import protocol_error
from mcp_integration.server.slots_app import APP_MIME_TYPE, SLOTS_PAGE, SLOTS_URI, slots_resource

# What does not change while the server runs may be kept by clients.
_LASTING = ("schema://", "ui://")


class Reading:
    """The handlers of `resources/…`, `prompts/…` and `completion/complete`."""

    def __init__(self, callers: Callers, groups: Collection[str] | None = None) -> None:
        self._callers = callers
        self._prompts = partial(prompts.listed, groups=groups)
        self._render = partial(prompts.render, groups=groups)

    async def list_resources(
        self, ctx: Context, params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        """The resources that the caller may read."""
        only_page(params)
        rows = await self._say(ctx, resources.listed)
        return ListResourcesResult(resources=[*(_resource(row) for row in rows), slots_resource()])

    async def list_templates(
        self, ctx: Context, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        """The families of resources that the caller may read."""
        only_page(params)
        rows = await self._say(ctx, resources.templates)
        return ListResourceTemplatesResult(resource_templates=[_template(row) for row in rows])

    async def read_resource(self, ctx: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        """One resource, as text."""
        if params.uri == SLOTS_URI:
            mime_type, text = APP_MIME_TYPE, SLOTS_PAGE
        else:
            mime_type, text = await self._say(ctx, resources.read, params.uri, about={"uri": params.uri})
        contents = TextResourceContents(uri=params.uri, mime_type=mime_type, text=text)
        if params.uri.startswith(_LASTING):
            return ReadResourceResult(contents=[contents])
        # Of rows of a hospital every look is a new one.
        return ReadResourceResult(contents=[contents], ttl_ms=0, cache_scope="private")

    async def list_prompts(self, ctx: Context, params: PaginatedRequestParams | None) -> ListPromptsResult:
        """The prompts whose tools the caller may use."""
        only_page(params)
        rows = await self._say(ctx, self._prompts)
        return ListPromptsResult(prompts=[_prompt(row) for row in rows])

    async def get_prompt(self, ctx: Context, params: GetPromptRequestParams) -> GetPromptResult:
        """A prompt's messages."""
        said = await self._say(ctx, self._render, params.name, params.arguments or {})
        return GetPromptResult(
            messages=[
                PromptMessage(role=role, content=TextContent(type="text", text=text)) for role, text in said
            ]
        )

    async def complete(self, ctx: Context, params: CompleteRequestParams) -> CompleteResult:
        """What an argument could mean, given its beginning."""
        ref, known = params.ref, (params.context.arguments if params.context else None) or {}
        kind, name = ("prompt", ref.name) if isinstance(ref, PromptReference) else ("resource", ref.uri)
        values = await self._say(
            ctx, prompts.complete, kind, name, params.argument.name, params.argument.value, known
        )
        return CompleteResult(completion=Completion(values=values, total=len(values), has_more=False))

    async def _say(
        self, ctx: Context, verb: Any, *arguments: Any, about: Mapping[str, str] | None = None
    ) -> Any:
        credential = await self._callers.credential(ctx)
        language = language_for(ctx, credential)
        return await in_their_language(language, _answer, credential, verb, arguments, about or {})


def only_page(params: PaginatedRequestParams | None) -> None:
    """Refuse a cursor: what is listed here fits one page. Raises `MCPError`."""
    if params is not None and params.cursor is not None:
        raise MCPError(INVALID_PARAMS, "Unknown cursor: the list has one page.")


def _answer(credential: Credential, verb: Any, arguments: tuple[Any, ...], about: Mapping[str, str]) -> Any:
    """What a verb gives, its refusals as errors of the protocol: they have no result to stand in."""
    try:
        return verb(credential, *arguments)
    except Exception as error:  # noqa: BLE001  -- every refusal leaves in one form
        raise protocol_error(error, **about) from None


def _resource(row: Any) -> Resource:
    return Resource(
        uri=row.uri, name=row.name, title=row.title, description=row.description, mime_type=row.mime_type
    )


def _template(row: Any) -> ResourceTemplate:
    return ResourceTemplate(
        uri_template=row.uri_template,
        name=row.name,
        title=row.title,
        description=row.description,
        mime_type=row.mime_type,
    )


def _prompt(row: Any) -> PromptOnWire:
    arguments = [
        PromptArgument(name=one.name, description=one.description, required=one.required)
        for one in row.arguments
    ]
    return PromptOnWire(name=row.name, title=row.title, description=row.description, arguments=arguments)
