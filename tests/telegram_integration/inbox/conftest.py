"""A bot whose updates other threads and processes see: what these tests write is committed, and removed."""

from collections.abc import Iterator

import pytest
from django.db import connection

from telegram_integration.bots import forget_bots, platform_bot
from telegram_integration.models import TelegramBot
from tests.support.telegram import Sandbox

TABLES = "telegram_updates, telegram_chats, telegram_links, telegram_users, telegram_bots"


@pytest.fixture
def open_bot(both_hospitals) -> Iterator[TelegramBot]:
    """The platform's bot, outside of any transaction."""
    forget_bots()
    bot = platform_bot()
    assert bot is not None
    yield bot
    forget_bots()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES} CASCADE")


@pytest.fixture
def telegram(settings) -> Iterator[Sandbox]:
    """A make-believe Telegram without limits, where the bots of this process find it."""
    with Sandbox() as sandbox:
        sandbox.limit(overall=0, per_chat=0)
        settings.TELEGRAM_API_BASE_URL = sandbox.url
        yield sandbox
