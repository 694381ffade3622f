"""What happens to bots and links, by the names in the history."""

from enum import StrEnum


class TelegramEvent(StrEnum):
    """Types of `events.Event` that this room records: in the hospital's history, or in the platform's."""

    BOT_CONNECTED = "telegram.bot_connected"
    BOT_SWITCHED = "telegram.bot_switched"
    UNBLOCKED = "telegram.unblocked"
    UNLINKED = "patient.telegram_unlinked"
