"""What this door does in the background: its standing jobs, what it hears of, its channel."""

from analytics.platform import count_with
from jobs.handlers import handle
from jobs.standing import stand
from telegram_integration.hospitals import reached
from telegram_integration.inbox import cleaning
from telegram_integration.sending.background import open_sending


def register() -> None:
    """Make all of it known; called from `AppConfig.ready`."""
    handle(cleaning.FORGET, cleaning.forget_old_updates, lane=cleaning.LANE)
    stand(cleaning.FORGET, only_public=True)
    open_sending()
    count_with("telegram", reached)
