"""The gateway for development: one line on the terminal."""

import sys

from django.conf import settings

from verification.gateways.base import NotSent, SendsOurCodes


class Console(SendsOurCodes):
    """Prints the message; only where SMS_CONSOLE_ALLOWED, which production never is.

    Not by the log, which may be kept and sent on.
    """

    name = "console"
    needs: tuple[str, ...] = ()

    def send(self, phone: str, text: str, code: str, language: str) -> str:  # noqa: ARG002  -- the interface
        """Raises `NotSent` where it is not allowed."""
        if not settings.SMS_CONSOLE_ALLOWED:
            raise NotSent("not_allowed")
        sys.stderr.write(f"SMS to {phone}: {text}\n")
        sys.stderr.flush()
        return ""
