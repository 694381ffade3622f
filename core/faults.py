"""What a door that speaks HTTP answers instead of a result: the platform's envelope."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, before it takes a form. `message` is in the caller's language by now."""

    code: str
    status: int
    message: str
    details: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def error_body(fault: Fault) -> dict[str, Any]:
    """The platform's envelope."""
    return {
        "error": {
            "code": fault.code,
            "message": fault.message,
            "details": fault.details,
            "timestamp": timestamp(),
        }
    }


def timestamp() -> str:
    """The present moment in UTC, ISO 8601 with milliseconds and ``Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
