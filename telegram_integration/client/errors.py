"""What can go wrong between us and Telegram, told by what to do about it.

Nothing here loads the library: web processes and workers know these without it.
"""

from enum import StrEnum


class TelegramFault(Exception):
    """Any of the faults below. None of them quotes what was sent, or the token."""


class Blocked(TelegramFault):
    """The person blocked the bot, never started it, or is gone: nothing reaches them."""


class Wait(TelegramFault):
    """Telegram did nothing and wants to be asked again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds:g} s")
        self.seconds = seconds


class Away(TelegramFault):
    """Telegram was not reached, or did nothing: try again."""


class BadToken(Away):
    """Telegram does not know the token: nothing goes out until it is replaced."""


class Unknown(TelegramFault):
    """It went out and no answer came: done or not, nobody knows."""


class Why(StrEnum):
    """Why Telegram refused a request for good."""

    UNCHANGED = "unchanged"  # an edit that changes nothing
    GONE = "gone"  # the message to edit is not there any more, or cannot be edited
    STALE = "stale"  # the tap was too long ago to be answered
    NO_CHAT = "no_chat"
    CONFLICT = "conflict"  # somebody else polls, or a webhook is set
    OTHER = "other"


class Refused(TelegramFault):
    """Telegram refused the request, and would again."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why
