"""What sending does in the background: its channel, and the lane in which that is worked on."""

from bookings import channels
from bookings.actions.sending import open_lane
from telegram_integration.sending.bucket import PLACES
from telegram_integration.sending.channel import LANE, TelegramChannel

# Before e-mail (50): whoever is on Telegram chose it.
PREFERENCE = 40


def open_sending() -> None:
    """Make it known; called from `AppConfig.ready`."""
    channels.add_channel(TelegramChannel(), preference=PREFERENCE)
    open_lane(LANE, places=PLACES)
