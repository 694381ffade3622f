"""Refusals of the streams."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Kind


class TooManyStreams(DomainError):
    """The credential, or this process, has as many streams open as it may."""

    kind = Kind.LIMITED
    reason = "too_many_streams"
    text = _("Too many streams are open. Close one, or try again in a moment.")

    def __init__(self, limit: int) -> None:
        super().__init__(retry_after=5, limit=limit)


class WrongTicket(DomainError):
    """The ticket is mistyped, was used, or ran out: not told which."""

    kind = Kind.BAD_CREDENTIALS
    reason = "wrong_ticket"
    text = _("This ticket is not valid any more. Get a new one.")


class TicketsAway(DomainError):
    """Where tickets are kept does not answer."""

    kind = Kind.UNAVAILABLE
    reason = "tickets_away"
    text = _("Tickets cannot be had at this moment. Please try again.")


class RightsChanged(DomainError):
    """What the credential may do is not what it was when the stream was opened."""

    kind = Kind.NOT_ALLOWED
    reason = "rights_changed"
    text = _("What you may do has changed. Open the stream again.")


class CannotBeChecked(DomainError):
    """Nobody can say whether the credential is still good: the database does not answer."""

    kind = Kind.UNAVAILABLE
    reason = "cannot_be_checked"
    text = _("The service is not available at this moment. Please try again.")


class Leaving(DomainError):
    """This process ends; another one goes on."""

    kind = Kind.UNAVAILABLE
    reason = "server_restarts"
    text = _("The server restarts. Connect again in a moment.")
