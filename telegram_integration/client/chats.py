"""What Telegram told us about a chat while we wrote to it."""

from uuid import UUID

from django.db.models.functions import Now

from telegram_integration.models import TelegramChat


def mark_blocked(bot_id: UUID, user_id: UUID) -> None:
    """Note that a user blocked a bot: it writes to them no more until they come back."""
    TelegramChat.objects.filter(bot_id=bot_id, user_id=user_id, blocked_at=None).update(blocked_at=Now())
