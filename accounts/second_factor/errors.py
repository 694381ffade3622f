"""Refusals of the second factor, as the doors of programs say them."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Kind


class SecondFactorNeeded(DomainError):
    """The password is right; without the phone's code it opens nothing."""

    kind = Kind.UNAUTHENTICATED
    reason = "second_factor_needed"
    text = _("Send the code of the phone, or a recovery code, as well.")


class WrongSecondFactor(DomainError):
    """The code is mistyped, too old or used before: not told which."""

    kind = Kind.BAD_CREDENTIALS
    reason = "wrong_second_factor"
    text = _("This code is not right, or it was used before. Wait for the next one.")


class SecondFactorNotSetUp(DomainError):
    """The place asks its staff for a second factor, and this account has none yet."""

    kind = Kind.NOT_ALLOWED
    reason = "second_factor_not_set_up"
    text = _("A second factor is required here. Sign in to the admin with a browser to set it up.")


class NothingToSetUp(DomainError):
    """Nobody has begun to set up a phone, or it was finished meanwhile."""

    kind = Kind.CONFLICT
    reason = "nothing_to_set_up"
    text = _("This was finished or given up meanwhile. Please begin again.")


class StillRequired(DomainError):
    """Who must have a second factor can replace it and not give it up."""

    kind = Kind.CONFLICT
    reason = "second_factor_required"
    text = _("A second factor is required here. You can set up another phone in place of this one.")
