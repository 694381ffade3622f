"""Asking the person before what cannot be undone: by the protocol's elicitation, where the client can.

In the 2026-07-28 revision a call is answered with the question, and sent once more with the answer and with a
state that only we can make: it is sealed, bound to the caller, the tool and its arguments, and soon too old.
In the revisions before it, the question goes out while the call waits, where the transport can carry it.
Other clients get ``confirmation_required`` from the tool and send ``confirm`` with the next call.
"""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from mcp.shared.exceptions import NoBackChannelError
from mcp.types import (
    CallToolRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from core.errors import DomainError, Kind
from mcp_integration.server.callers import Context

QUESTION, YES = "confirmation", "confirm"
_STATE: Final = "asked"


class Declined(DomainError):
    """The person was asked and did not say yes."""

    kind = Kind.CONFLICT
    reason = "declined"
    text = gettext_lazy("The person did not agree: nothing was changed.")


def answer_in(params: CallToolRequestParams) -> bool | None:
    """What the person said to a question of ours, or None where none was asked."""
    given = (params.input_responses or {}).get(QUESTION)
    if params.request_state != _STATE or not isinstance(given, ElicitResult):
        return None
    return said_yes(given)


def said_yes(given: ElicitResult) -> bool:
    """Whether an answer is a yes: the form was sent, with its one box ticked."""
    return given.action == "accept" and (given.content or {}).get(YES) is True


def can_be_asked(ctx: Context) -> bool:
    """Whether the client shows forms to its person."""
    capabilities = ctx.session.client_capabilities
    asked = capabilities.elicitation if capabilities else None
    # A client that names neither mode means forms: the only mode there was at first.
    return asked is not None and (asked.form is not None or asked.url is None)


def is_modern(ctx: Context) -> bool:
    """Whether the client speaks a revision in which questions are answers."""
    return ctx.protocol_version in MODERN_PROTOCOL_VERSIONS


def question_for(question: str) -> InputRequiredResult:
    """The answer that asks."""
    request = ElicitRequest(params=ElicitRequestFormParams(message=question, requested_schema=_form()))
    return InputRequiredResult(input_requests={QUESTION: request}, request_state=_STATE)


async def ask_now(ctx: Context, question: str) -> bool | None:
    """Ask while the call waits; None where the question cannot get through."""
    if not ctx.session.can_send_request:
        return None
    try:
        return said_yes(await ctx.session.elicit_form(question, _form(), ctx.request_id))
    except NoBackChannelError:
        return None


def _form() -> dict[str, Any]:
    box = {"type": "boolean", "title": _("Yes, do it"), "default": False}
    return {"type": "object", "properties": {YES: box}, "required": [YES]}
