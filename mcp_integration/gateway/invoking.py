"""Tools over plain HTTP: one call, several calls, and the list of what may be called."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from starlette.responses import Response

from apikeys.limits import Allowance, TooManyRequests, spend
from credentials.callers import Credential
from mcp_integration.gateway.asked import Asked, check_names, printable
from mcp_integration.gateway.endpoint import known_caller
from mcp_integration.gateway.faults import Refused, error_of, fault_of, fault_of_refusal, wrong
from mcp_integration.gateway.replies import fault_reply, json_reply, tagged_reply
from mcp_integration.invoking import Outcome, invoke, tool_named, visible_tools
from mcp_integration.streams import tell_result
from mcp_integration.toolbox.parameters import IDEMPOTENCY_KEY
from mcp_integration.toolbox.tool import Group, Tool

KEY_HEADER, REPLAYED = "idempotency-key", "Idempotency-Replayed"
MOST_REQUESTS = 10
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it was asked for: the tool's name and its parameters."""

    tool: str
    params: dict[str, Any]


def invoke_one(asked: Asked) -> Response:
    """``{tool, params}`` → the tool's result, or the envelope with the status of its code."""
    caller = known_caller(asked)
    with counted(caller):
        request = request_of(asked.json(), key=asked.headers.get(KEY_HEADER))
    outcome = call_tool(caller, request, asked.language)
    if outcome.error is not None:
        return fault_reply(fault_of_refusal(outcome.error), outcome.allowance)
    headers = {REPLAYED: "true"} if outcome.replayed else {}
    return json_reply(outcome.result, allowance=outcome.allowance, headers=headers)


def invoke_several(asked: Asked) -> Response:
    """``{requests: [{tool, params}, …]}`` → ``[{result} or {error}, …]`` in the same order.

    One after the other, each counted and each on its own: what one is refused for stops none that follows.
    An ``Idempotency-Key`` is good for all: each call gets one of its own out of it.
    """
    caller = known_caller(asked)
    with counted(caller):
        requests = asked.json("requests").get("requests")
        if not isinstance(requests, list) or not 1 <= len(requests) <= MOST_REQUESTS:
            raise Refused(wrong(requests=_("Send a list of 1 to 10 requests.")))
    answers, allowance = [], None
    for number, said in enumerate(requests):
        answer, left = _answer(caller, asked, number, said)
        answers.append(answer)
        allowance = left or allowance
    return json_reply(answers, allowance=allowance)


def list_tools(asked: Asked) -> Response:
    """The catalogue that the caller may use, with a tag: it changes with the caller's grants alone."""
    caller = known_caller(asked)
    allowance = spend("reading", caller.spender)
    groups = _groups(asked.query)
    tools = [described(tool) for tool in visible_tools(caller, groups)]
    return tagged_reply({"tools": tools, "count": len(tools)}, asked.headers, allowance=allowance)


def request_of(said: Any, *, key: str | None = None) -> Request:
    """A call as it was asked for. `key` is the idempotency key that came beside it. Raises `Refused`."""
    if not isinstance(said, dict):
        raise Refused(wrong(request=_("Send a JSON object.")))
    check_names(said, ("tool", "params"))
    name, params = said.get("tool"), said.get("params", {})
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME:
        raise Refused(wrong(tool=_("Name a tool.")))
    if not isinstance(params, dict):
        raise Refused(wrong(params=_("Send a JSON object.")))
    return Request(name, _with_key(name, params, key))


def call_tool(caller: Credential, request: Request, language: str | None) -> Outcome:
    """Call a tool, and have the caller's streams hear of the result."""
    outcome = invoke(caller, request.tool, request.params, groups=served_groups(), language=language)
    if outcome.error is None:
        tell_result(caller, request.tool, outcome.result)
    return outcome


@contextmanager
def counted(caller: Credential) -> Iterator[None]:
    """Count what is refused before it reaches the toolbox all the same. Raises `TooManyRequests`."""
    try:
        yield
    except Refused:
        spend("tools", caller.spender)
        raise


def described(tool: Tool) -> dict[str, Any]:
    """A tool as the catalogue shows it."""
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "group": str(tool.group),
        "suggests": list(tool.suggests),
        "input_schema": tool.input_schema,
        "output_schema": tool.output_schema,
        "hints": {
            "read_only": tool.hints.read_only,
            "destructive": tool.hints.destructive,
            "idempotent": tool.hints.idempotent,
        },
        "scopes": list(tool.scopes),
        "roles": list(tool.roles),
        "example": tool.example,
    }


def answer_of(outcome: Outcome) -> dict[str, Any]:
    """What came of a call, as one of several answers: its result or its error."""
    if outcome.error is None:
        return {"result": outcome.result}
    return {"error": error_of(fault_of_refusal(outcome.error))}


def _answer(
    caller: Credential, asked: Asked, number: int, said: Any
) -> tuple[dict[str, Any], Allowance | None]:
    header = asked.headers.get(KEY_HEADER)
    try:
        with counted(caller):
            request = request_of(said, key=header and f"{header}.{number}")
    except Refused as refused:
        return {"error": error_of(refused.fault)}, None
    except TooManyRequests as refusal:
        return {"error": error_of(fault_of(refusal))}, refusal.allowance
    outcome = call_tool(caller, request, asked.language)
    return answer_of(outcome), outcome.allowance


def _with_key(name: str, params: dict[str, Any], key: str | None) -> dict[str, Any]:
    """The parameters with the key of the header, where the tool takes one. Raises `Refused`."""
    tool = tool_named(name)
    if key is None or tool is None or tool.hints.read_only:
        return params
    if params.get(IDEMPOTENCY_KEY, key) != key:
        raise Refused(wrong(**{IDEMPOTENCY_KEY: _("Send it in the header or in the parameters, not both.")}))
    return {**params, IDEMPOTENCY_KEY: key}


def served_groups() -> frozenset[str]:
    """The groups of tools that this process serves: those of the setting, else all."""
    named = settings.MCP_TOOLS
    return frozenset({named}) if named in set(Group) else frozenset(map(str, Group))


def _groups(query: Mapping[str, str]) -> frozenset[str]:
    """Those of the served groups that are asked for. Raises `Refused`."""
    if unknown := [name for name in query if name != "group"]:
        raise Refused(wrong(**{printable(unknown[0]): _("There is no such parameter.")}))
    asked = frozenset(query["group"].split(",")) if "group" in query else served_groups()
    if asked - served_groups():
        raise Refused(wrong(group=_("There is no such group of tools.")))
    return asked
