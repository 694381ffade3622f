"""Using a tool: the one way for every transport. Checks who may, counts, enters the hospital, answers."""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.utils.encoders import JSONEncoder

from apikeys.limits import Allowance, TooManyRequests, spend
from core.errors import InvalidInput
from credentials.callers import Credential, within
from events.idempotency import Answer, answer_once
from events.outbox import note
from mcp_integration.metrics import count_call
from mcp_integration.toolbox.call import Call, Progress
from mcp_integration.toolbox.parameters import CONFIRM, HOSPITAL_ID, IDEMPOTENCY_KEY, SUBDOMAIN
from mcp_integration.toolbox.refusals import (
    ConfirmationRequired,
    Refusal,
    ToolNotAllowed,
    ToolNotFound,
    refusal_of,
)
from mcp_integration.toolbox.tool import Group, Place, Tool
from mcp_integration.toolbox.untrusted import marked, without_hidden
from mcp_integration.tools import ALL_TOOLS
from tenants.models import Hospital

logger = logging.getLogger(__name__)

CALLED = "tool.called"
_BY_NAME = {tool.name: tool for tool in ALL_TOOLS}
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: a result, or an error as `toolbox.refusals` words it; a text for both.

    `allowance` says what is left of the caller's allowance. `replayed`: answered before under the same
    idempotency key, not done again. `suggests` names tools that usually come next and are open to the caller.
    """

    text: str
    result: dict[str, Any] | None = None
    error: Refusal | None = None
    allowance: Allowance | None = None
    replayed: bool = False
    suggests: tuple[str, ...] = ()


@dataclass(slots=True)
class _Ledger:
    """What is learnt of a call while it runs."""

    hospital: Hospital | None
    allowance: Allowance | None = None
    replayed: bool = False


def tool_named(name: str, groups: Collection[str] | None = None) -> Tool | None:
    """The tool of a name in the groups that are served (all, if none are named)."""
    tool = _BY_NAME.get(name)
    return tool if tool is not None and _is_served(tool, groups) else None


def visible_tools(credential: Credential, groups: Collection[str] | None = None) -> list[Tool]:
    """The tools that a caller may use, in their order. On the platform, those of hospitals are there too."""
    return [tool for tool in ALL_TOOLS if _is_served(tool, groups) and tool.may_be_used_by(credential.actor)]


def usual_groups(credential: Credential) -> frozenset[str]:
    """The groups that serve a caller best: what only staff may do shows that healthcare's are wanted."""
    names = {tool.group for tool in visible_tools(credential) if not tool.hints.read_only}
    return frozenset(map(str, names)) or frozenset(map(str, Group))


def invoke(
    credential: Credential,
    name: str,
    arguments: Mapping[str, Any],
    *,
    groups: Collection[str] | None = None,
    progress: Progress | None = None,
    confirmed: bool = False,
    language: str | None = None,
) -> Outcome:
    """Use a tool as a caller. Synchronous; never raises: what goes wrong is in the outcome's error.

    `arguments` are as they came. `confirmed`: the person was asked and said yes. `language` (th or en) is
    the hospital's own unless told otherwise.
    """
    begun = perf_counter()
    ledger = _Ledger(credential.hospital)
    spoken = language or (credential.hospital.language if credential.hospital else "en")
    tool = tool_named(name, groups)
    # Entered once for all: each entry is a statement.
    with translation.override(spoken), within(credential.hospital):
        try:
            allowed = _allowed(tool, credential, ledger)
            result = _use(allowed, credential, arguments, ledger, progress, confirmed=confirmed)
            suggests = _suggested(allowed, credential, groups)
            text = allowed.says(result)
            outcome = Outcome(text, result, None, ledger.allowance, ledger.replayed, suggests)
        except Exception as error:  # noqa: BLE001  -- every failure leaves in one form
            refusal = refusal_of(error)
            allowance = error.allowance if isinstance(error, TooManyRequests) else ledger.allowance
            outcome = Outcome(refusal["message"], None, refusal, allowance)
        _keep_account(credential, tool, outcome, ledger.hospital, perf_counter() - begun)
    return outcome


def _is_served(tool: Tool, groups: Collection[str] | None) -> bool:
    return groups is None or tool.group in groups


def _suggested(tool: Tool, credential: Credential, groups: Collection[str] | None) -> tuple[str, ...]:
    """The tools that usually come after one, as far as the caller may use them here."""
    after = [tool_named(name, groups) for name in tool.suggests]
    return tuple(one.name for one in after if one is not None and one.may_be_used_by(credential.actor))


def _allowed(tool: Tool | None, credential: Credential, ledger: _Ledger) -> Tool:
    """The tool, once it is there, open to the caller and within their allowance."""
    ledger.allowance = spend("tools", credential.spender)
    if tool is None:
        raise ToolNotFound
    if not tool.may_be_used_by(credential.actor):
        raise ToolNotAllowed(scopes=list(tool.scopes))
    if tool.policy != "tools":
        ledger.allowance = spend(tool.policy, credential.spender)
    return tool


def _use(
    tool: Tool,
    credential: Credential,
    arguments: Mapping[str, Any],
    ledger: _Ledger,
    progress: Progress | None,
    *,
    confirmed: bool,
) -> dict[str, Any]:
    asked = _asked(tool, arguments)
    data = asked.validated_data
    key, agreed = data.pop(IDEMPOTENCY_KEY, None), data.pop(CONFIRM, False)
    hospital = ledger.hospital = _hospital(tool, credential, data)
    call = Call(credential, hospital, asked, *([progress] if progress else []))

    def respond() -> dict[str, Any]:
        if tool.confirm is not None and not (agreed or confirmed) and (question := tool.confirm(call)):
            raise ConfirmationRequired(question=question)
        return _represented(tool, tool.run(call))

    with within(hospital):
        if key is None:
            return respond()
        sent = {name: value for name, value in arguments.items() if name not in (IDEMPOTENCY_KEY, CONFIRM)}
        answer = answer_once(
            credential.actor, route=f"tool {tool.name}", key=key, request=sent,
            respond=lambda: Answer(status=200, body=respond()),
        )  # fmt: skip
        ledger.replayed = answer.replayed
        result: dict[str, Any] = answer.body
        if answer.replayed and tool.given_again is not None:
            tool.given_again(call, result)
        return result


def _asked(tool: Tool, arguments: Mapping[str, Any]) -> Any:
    asked = tool.parameters(data=dict(arguments))
    if unknown := [name for name in arguments if name not in asked.fields]:
        names = [without_hidden(str(name))[:40] for name in unknown[:_MOST_NAMED]]
        raise InvalidInput(**{name: _("There is no such parameter.") for name in names})
    asked.is_valid(raise_exception=True)
    return asked


def _hospital(tool: Tool, credential: Credential, data: dict[str, Any]) -> Hospital | None:
    """The hospital that the call is for. Raises `HospitalNotFound`, `HospitalInactive`, `InvalidInput`."""
    if tool.place is Place.PLATFORM:
        # Never led to another hospital, but a hospital's own caller stays where they belong.
        return credential.hospital
    uuid = data.get(HOSPITAL_ID) if tool.names_hospital_itself else data.pop(HOSPITAL_ID, None)
    hospital = credential.hospital_named(subdomain=data.pop(SUBDOMAIN, None), uuid=uuid)
    if hospital is None and tool.place is Place.HOSPITAL:
        name = SUBDOMAIN if SUBDOMAIN in tool.parameters().fields else HOSPITAL_ID
        raise InvalidInput(**{name: _("Say which hospital: these credentials belong to none.")})
    return hospital


def _represented(tool: Tool, value: Any) -> dict[str, Any]:
    """What a tool returned, as JSON has it, with text from outside marked."""
    answer = marked(tool.gives, tool.gives().to_representation(value))
    plain: dict[str, Any] = json.loads(json.dumps(answer, cls=JSONEncoder))
    return plain


def _keep_account(
    credential: Credential, tool: Tool | None, outcome: Outcome, hospital: Hospital | None, seconds: float
) -> None:
    """The call in the figures and in the audit trail: which tool, who, what came of it; no argument."""
    name = tool.name if tool else "unknown"
    came_of_it = str(outcome.error["code"]) if outcome.error else "ok"
    count_call(name, came_of_it, seconds)
    said = {"outcome": came_of_it, "ms": round(seconds * 1000)}
    if outcome.error:
        said["reason"] = outcome.error["reason"]
    try:
        with within(hospital):
            note(credential.actor, CALLED, subject_type="tool", subject_id=name, data=said)
    except DatabaseError as error:
        # The answer stands; that it could not be noted is itself noted.
        logger.error("a call could not be noted: %s", type(error).__name__)  # noqa: TRY400  -- no values in logs
