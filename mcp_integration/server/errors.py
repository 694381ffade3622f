"""Refusals where the protocol has no result for them to stand in."""

from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS
from pydantic import ValidationError

from mcp_integration.toolbox.refusals import refusal_of

# Codes of refusals that are about us, this moment or the caller; the others are about what was sent.
_NOT_THE_MESSAGE = {"SERVER_ERROR", "RATE_LIMIT", "AUTH_REQUIRED", "AUTH_INVALID"}


def protocol_error(error: Exception, **about: Any) -> MCPError:
    """What was raised, as an error of the protocol with the toolbox's envelope; in the active language."""
    refusal = refusal_of(error)
    code = INTERNAL_ERROR if refusal["code"] in _NOT_THE_MESSAGE else INVALID_PARAMS
    return MCPError(code, refusal["message"], {**about, "error": refusal})


async def without_leaks(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Let nothing out of a message but what was worded for callers (a middleware of the SDK's server).

    By itself the SDK answers clients of the older revisions with the text of whatever was raised.
    """
    try:
        return await call_next(ctx)
    except MCPError:
        raise
    except ValidationError:
        raise MCPError(INVALID_PARAMS, "Invalid request parameters") from None
    except Exception as error:  # noqa: BLE001  -- every refusal leaves in one form
        raise protocol_error(error) from None
