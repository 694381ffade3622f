"""Refusals of the pages about bots and their users."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput, Kind, NotFound


class BotNotFound(NotFound):
    """No bot has that id, or the caller may not know of it."""

    reason = "bot_not_found"
    text = _("There is no such bot here.")


class LinkNotFound(NotFound):
    """No link has that id, or the caller may not know of it."""

    reason = "link_not_found"
    text = _("This patient is not reached by Telegram any more.")


class TelegramUserNotFound(NotFound):
    """No Telegram user has that id, or the caller may not know of them."""

    reason = "telegram_user_not_found"
    text = _("There is no such Telegram user.")


class BadBotToken(InvalidInput):
    """The token is none, or Telegram does not know it."""

    text = _("Telegram knows no bot with this token.")

    def __init__(self) -> None:
        super().__init__(token=self.text)


class BotTaken(DomainError):
    """The bot works already: as the platform's, or for another hospital."""

    kind = Kind.CONFLICT
    reason = "bot_taken"
    text = _("This bot, or another one in its place, works already.")


class TelegramNotReached(DomainError):
    """Telegram did not answer, or not in time."""

    kind = Kind.UNAVAILABLE
    reason = "telegram_not_reached"
    text = _("Telegram does not answer at the moment. Please try again a little later.")
