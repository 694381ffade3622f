"""What the protocol's own test suite asks of a server, beside our tools: fixed names with fixed answers.

`manage.py runmcpserver --conformance` puts them on top of the real server, so that transports, credentials,
sealing and errors are ours. Names and answers are the suite's (npm @modelcontextprotocol/conformance).
"""

import base64
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    EmbeddedResource,
    GetPromptResult,
    ImageContent,
    InputRequiredResult,
    ListRootsRequest,
    ListRootsResult,
    Prompt,
    PromptArgument,
    PromptMessage,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    SamplingMessage,
    TextContent,
    TextResourceContents,
    Tool,
)

Context = ServerRequestContext[Any, Any]
Answer = CallToolResult | InputRequiredResult
Run = Callable[[Context, Any], Awaitable[Answer]]

# One red pixel, and no sound at all.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
SILENCE = base64.b64encode(
    b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00"
    b"\x01\x00\x08\x00data\x00\x00\x00\x00"
).decode()
STATE = "asked once"
_TEMPLATE = re.compile(r"test://template/([^/]+)/data")


# ── contents ───────────────────────────────────────────────────────────────────
def text(words: str) -> TextContent:
    return TextContent(type="text", text=words)


def image() -> ImageContent:
    return ImageContent(type="image", data=PIXEL, mime_type="image/png")


def embedded(uri: str, words: str, mime_type: str = "text/plain") -> EmbeddedResource:
    contents = TextResourceContents(uri=uri, mime_type=mime_type, text=words)
    return EmbeddedResource(type="resource", resource=contents)


def always(*content: Any, is_error: bool = False) -> Run:
    async def run(_ctx: Context, _params: Any) -> Answer:
        return CallToolResult(content=list(content), is_error=is_error)

    return run


# ── tools that take their time ─────────────────────────────────────────────────
async def with_progress(ctx: Context, _params: Any) -> Answer:
    for done in (0, 50, 100):
        await ctx.session.report_progress(done, 100, f"{done} of 100")
        await anyio.sleep(0.05)
    return CallToolResult(content=[text("Done.")])


async def without_sampling(ctx: Context, _params: Any) -> Answer:
    capabilities = ctx.session.client_capabilities
    if capabilities is None or capabilities.sampling is None:
        needed = {"requiredCapabilities": {"sampling": {}}}
        raise MCPError(MISSING_REQUIRED_CLIENT_CAPABILITY, "The client cannot sample.", needed)
    return CallToolResult(content=[text("The client can sample.")])


# ── tools that ask ─────────────────────────────────────────────────────────────
def form(message: str, name: str, kind: str = "string") -> ElicitRequest:
    schema = {"type": "object", "properties": {name: {"type": kind}}, "required": [name]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def sample(words: str, most: int) -> CreateMessageRequest:
    message = SamplingMessage(role="user", content=text(words))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[message], max_tokens=most))


NAME = form("What is your name?", "name")
CAPITAL = sample("What is the capital of France?", 100)
CONFIRM = form("Please confirm", "ok", "boolean")
_ANSWERS = {
    "elicitation/create": ElicitResult,
    "sampling/createMessage": CreateMessageResult,
    "roots/list": ListRootsResult,
}


def is_answered(params: Any, requests: dict[str, Any]) -> bool:
    given = params.input_responses or {}
    return all(isinstance(given.get(name), _ANSWERS[one.method]) for name, one in requests.items())


def asking(state: str | None = None, **requests: Any) -> Run:
    """Ask everything at once; when all is answered (and the state is back, if there is one), say so."""

    async def run(_ctx: Context, params: Any) -> Answer:
        if not is_answered(params, requests) or params.request_state != state:
            return InputRequiredResult(input_requests=requests, request_state=state)
        given = {name: one.model_dump(mode="json") for name, one in params.input_responses.items()}
        return CallToolResult(content=[text(f"state-ok {json.dumps(given)}")])

    return run


async def in_rounds(_ctx: Context, params: Any) -> Answer:
    first, second = {"step1": NAME}, {"step2": form("What is your favorite color?", "color")}
    if params.request_state == "second" and is_answered(params, second):
        return CallToolResult(content=[text("Both steps are done.")])
    if params.request_state == "first" and is_answered(params, first):
        return InputRequiredResult(input_requests=second, request_state="second")
    return InputRequiredResult(input_requests=first, request_state="first")


async def as_able(ctx: Context, params: Any) -> Answer:
    able = ctx.session.client_capabilities
    requests: dict[str, Any] = {}
    if able is not None and able.elicitation is not None:
        requests["user_name"] = NAME
    if able is not None and able.sampling is not None:
        requests["capital_question"] = CAPITAL
    if requests and not is_answered(params, requests):
        return InputRequiredResult(input_requests=requests)
    return CallToolResult(content=[text("Done.")])


TOOLS: dict[str, Run] = {
    "test_simple_text": always(text("This is a simple text response for testing.")),
    "test_image_content": always(image()),
    "test_audio_content": always(AudioContent(type="audio", data=SILENCE, mime_type="audio/wav")),
    "test_embedded_resource": always(embedded("test://embedded-resource", "An embedded resource.")),
    "test_multiple_content_types": always(
        text("Multiple content types test:"),
        image(),
        embedded("test://mixed-content-resource", '{"test": "data", "value": 123}', "application/json"),
    ),
    "test_error_handling": always(
        text("This tool intentionally returns an error for testing"), is_error=True
    ),
    "test_tool_with_progress": with_progress,
    "test_logging_tool": always(text("Nothing is logged to clients.")),
    "test_missing_capability": without_sampling,
    "test_streaming_elicitation": asking(user_name=NAME),
    "test_input_required_result_elicitation": asking(user_name=NAME),
    "test_input_required_result_sampling": asking(capital_question=CAPITAL),
    "test_input_required_result_list_roots": asking(client_roots=ListRootsRequest()),
    "test_input_required_result_request_state": asking(STATE, confirm=CONFIRM),
    "test_input_required_result_tampered_state": asking(STATE, confirm=CONFIRM),
    "test_input_required_result_multiple_inputs": asking(
        STATE, user_name=NAME, greeting=sample("Generate a greeting", 50), client_roots=ListRootsRequest()
    ),
    "test_input_required_result_multi_round": in_rounds,
    "test_input_required_result_capabilities": as_able,
}

# ── resources and prompts ──────────────────────────────────────────────────────
RESOURCES = {
    "test://static-text": TextResourceContents(
        uri="test://static-text", mime_type="text/plain", text="The content of the static text resource."
    ),
    "test://static-binary": BlobResourceContents(
        uri="test://static-binary", mime_type="image/png", blob=PIXEL
    ),
}
PROMPTS: dict[str, tuple[str, ...]] = {
    "test_simple_prompt": (),
    "test_prompt_with_arguments": ("arg1", "arg2"),
    "test_prompt_with_embedded_resource": ("resourceUri",),
    "test_prompt_with_image": (),
    "test_input_required_result_prompt": (),
}


def resource_of(uri: str) -> TextResourceContents | BlobResourceContents | None:
    if found := _TEMPLATE.fullmatch(uri):
        said = json.dumps({"id": found[1], "templateTest": True, "data": f"Data for ID: {found[1]}"})
        return TextResourceContents(uri=uri, mime_type="application/json", text=said)
    return RESOURCES.get(uri)


def prompt_of(params: Any) -> GetPromptResult | InputRequiredResult:
    asked = {"user_context": form("What context should the prompt use?", "context")}
    if params.name == "test_input_required_result_prompt" and not is_answered(params, asked):
        return InputRequiredResult(input_requests=asked)
    given = params.arguments or {}
    if missing := [name for name in PROMPTS[params.name] if name not in given]:
        raise MCPError(INVALID_PARAMS, f"Missing arguments: {', '.join(missing)}.")
    words = ", ".join(f"{name}='{value}'" for name, value in sorted(given.items()))
    contents: list[Any] = [text(f"Prompt with arguments: {words}" if words else "A prompt for testing.")]
    if "resourceUri" in given:
        contents.insert(0, embedded(given["resourceUri"], "Embedded resource content for testing."))
    if params.name == "test_prompt_with_image":
        contents.insert(0, image())
    return GetPromptResult(messages=[PromptMessage(role="user", content=one) for one in contents])


# ── on top of the server ───────────────────────────────────────────────────────
def extend(server: Server[Any]) -> None:
    """Put the fixtures beside what the server has; what they do not know goes to it."""
    _list_beside(server, "tools/list", "tools", [_tool(name) for name in TOOLS])
    _list_beside(server, "prompts/list", "prompts", [_prompt(*row) for row in PROMPTS.items()])
    _list_beside(server, "resources/list", "resources", [_resource(uri) for uri in RESOURCES])
    template = ResourceTemplate(uri_template="test://template/{id}/data", name="template")
    _list_beside(server, "resources/templates/list", "resource_templates", [template])
    _answer_first(server, "tools/call", _call)
    _answer_first(server, "resources/read", _read)
    _answer_first(server, "prompts/get", _get)


async def _call(ctx: Context, params: Any) -> Any:
    return await TOOLS[params.name](ctx, params) if params.name in TOOLS else None


async def _read(_ctx: Context, params: Any) -> Any:
    found = resource_of(params.uri)
    return None if found is None else ReadResourceResult(contents=[found])


async def _get(_ctx: Context, params: Any) -> Any:
    return prompt_of(params) if params.name in PROMPTS else None


def _answer_first(server: Server[Any], method: str, answer: Any) -> None:
    ours = server.get_request_handler(method)
    assert ours is not None

    async def handle(ctx: Context, params: Any) -> Any:
        found = await answer(ctx, params)
        return await ours.handler(ctx, params) if found is None else found

    server.add_request_handler(method, ours.params_type, handle)


def _list_beside(server: Server[Any], method: str, name: str, more: list[Any]) -> None:
    ours = server.get_request_handler(method)
    assert ours is not None

    async def handle(ctx: Context, params: Any) -> Any:
        result = await ours.handler(ctx, params)
        return result.model_copy(update={name: [*getattr(result, name), *more]})

    server.add_request_handler(method, ours.params_type, handle)


def _tool(name: str) -> Tool:
    return Tool(name=name, description="For the protocol's test suite.", input_schema={"type": "object"})


def _prompt(name: str, arguments: tuple[str, ...]) -> Prompt:
    rows = [PromptArgument(name=one, required=True) for one in arguments]
    return Prompt(name=name, description="For the protocol's test suite.", arguments=rows)


def _resource(uri: str) -> Resource:
    return Resource(uri=uri, name=uri.partition("://")[2])
