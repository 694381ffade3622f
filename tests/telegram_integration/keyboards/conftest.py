"""A turn that nobody sent, to make keyboards with."""

import pytest

from telegram_integration.models import TelegramBot, TelegramUser
from telegram_integration.turn import Turn
from tenants.models import Hospital


@pytest.fixture
def turn() -> Turn:
    """Somebody in a chat with a bot, at a hospital of a long key; no row of it is stored."""
    hospital = Hospital(pk=46_655, name="Ploy Hospital", timezone="Asia/Bangkok")
    return Turn(
        bot=TelegramBot(telegram_id=1), user=TelegramUser(telegram_id=2), chat_id=2, update_id=3,
        language="en", hospital=hospital,
    )  # fmt: skip
