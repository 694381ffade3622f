"""Refusals, with the codes and words of Telegram, as the Bot API and its users quote them."""

from typing import Any


class Refused(Exception):
    """A call that Telegram refuses."""

    def __init__(self, code: int, description: str, *, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        said: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after:
            said["parameters"] = {"retry_after": self.retry_after}
        return said


def bad_request(text: str) -> Refused:
    """A call that is wrong in itself, or meets something that is not so."""
    return Refused(400, f"Bad Request: {text}")


def forbidden(text: str) -> Refused:
    """A call to somebody who does not want it."""
    return Refused(403, f"Forbidden: {text}")


def conflict(text: str) -> Refused:
    """Two ways of getting updates at once."""
    return Refused(409, f"Conflict: {text}")


def too_many(seconds: int) -> Refused:
    """More messages than Telegram takes."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class Impossible(Exception):
    """Something that a person cannot do (`telegram_integration.sandbox.simulation`)."""

    def __init__(self, error: str, code: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.code = code
