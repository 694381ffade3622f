"""What is said on a stream, each message by its name in the specification."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rest_framework.utils.encoders import JSONEncoder

from core.errors import CODES, DomainError
from core.faults import timestamp
from events.feed import CursorUnknown

# A browser that was cut off comes again after as long (milliseconds).
RETRY = 3000


@dataclass(frozen=True, slots=True)
class Message:
    """One message: what kind, its JSON, and the place in the stream that it is the last one before, if any.

    `data` is the value and `text` its compact JSON. Only what can be read again has an `id`.
    """

    event: str
    data: dict[str, Any]
    text: str = field(repr=False)
    id: str | None = None
    retry: int | None = None

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory and on the wire."""
        return len(self.text) + len(self.event) + 100

    def as_sse(self) -> bytes:
        """The message in the form of server-sent events (WHATWG HTML, section 9.2)."""
        lines = [f"event: {self.event}", f"data: {self.text}"]
        if self.id is not None:
            lines.insert(0, f"id: {self.id}")
        if self.retry is not None:
            lines.insert(0, f"retry: {self.retry}")
        return ("\n".join(lines) + "\n\n").encode()


def message(event: str, data: dict[str, Any]) -> Message:
    """A message of a kind. JSON has no line ends in it, so that it is one line of a stream."""
    return Message(event, data, json.dumps(data, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":")))


def heartbeat() -> Message:
    """A sign of life."""
    return message("heartbeat", {"timestamp": timestamp()})


def tool_response(tool: str, result: Any) -> Message:
    """What a tool gave."""
    return message("tool_response", {"tool": tool, "result": result, "timestamp": timestamp()})


def auth_refresh(token: str, expires_at: datetime) -> Message:
    """A new access token, for what the listener does besides listening."""
    moment = expires_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return message("auth_refresh", {"new_token": token, "expires_at": moment})


def error_event(error: str, **details: Any) -> Message:
    """What went wrong, by a code of the platform or a reason of ours."""
    return message("error_event", {"error": error, "details": details, "timestamp": timestamp()})


def refusal(error: DomainError) -> Message:
    """A refusal of the domain, by the platform's code. Its text is worded in the language at hand.

    A place that is not known goes by its own name, as it ends nothing: the stream starts over.
    """
    code, _status = CODES[error.kind]
    name = error.reason if isinstance(error, CursorUnknown) else code
    return error_event(name, reason=error.reason, message=str(error))
