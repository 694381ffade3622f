"""Refusals of one-time codes. None says whether a number or a person is known."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Kind


class CodeTooSoon(DomainError):
    """A code was sent a moment ago; `again_at` (aware) is when the next one may be."""

    kind = Kind.LIMITED
    reason = "code_too_soon"
    text = _("A code was sent a moment ago. Please wait a minute before you ask for another.")

    def __init__(self, again_at: datetime) -> None:
        super().__init__(again_at=again_at)
        self.again_at = again_at


class TooManyCodes(DomainError):
    """Too many codes were asked for, for this number or by this person."""

    kind = Kind.LIMITED
    reason = "too_many_codes"
    text = _("Too many codes were asked for. Please try again later.")


class NumberNotServed(DomainError):
    """Codes do not go to this number: of another country, or no mobile phone's."""

    kind = Kind.INVALID
    reason = "number_not_served"
    text = _("No code can be sent to this number. Please give a mobile number.")


class GatewayAway(DomainError):
    """No gateway takes or checks codes at the moment."""

    kind = Kind.UNAVAILABLE
    reason = "gateway_away"
    text = _("No code can be sent at the moment. Please try again a little later.")


class WrongCode(DomainError):
    """The code is another; `left` tries (at least 1) are left."""

    kind = Kind.INVALID
    reason = "wrong_code"
    text = _("This is not the code.")

    def __init__(self, left: int) -> None:
        super().__init__(left=left)
        self.left = left


class CodeExpired(DomainError):
    """There is no code to check: it ran out, was used, or none was sent."""

    kind = Kind.CONFLICT
    reason = "code_expired"
    text = _("This code is not valid any more. Please ask for another.")


class TooManyTries(DomainError):
    """The code was guessed at too often; only another one helps."""

    kind = Kind.CONFLICT
    reason = "too_many_tries"
    text = _("Too many wrong tries. Please ask for another code.")
