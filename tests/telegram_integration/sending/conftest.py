"""A make-believe Telegram that the channel talks to, and buckets that nobody filled before."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bookings.actions.patients import Guest
from bookings.actions.reminders import plan_reminders
from bookings.models import Notice
from telegram_integration.bots import forget_bots
from telegram_integration.client.calls import hang_up
from telegram_integration.models import TelegramChat
from telegram_integration.sending.bucket import forget_buckets
from tests.support.booking import book
from tests.support.catalogue import at
from tests.support.notices import instant
from tests.support.telegram import Sandbox


@pytest.fixture(autouse=True)
def buckets_of_their_own() -> Iterator[None]:
    """Each test begins with full buckets: every bot is new, and so is what this process remembers."""
    forget_buckets()
    forget_bots()
    yield
    forget_buckets()
    forget_bots()


@pytest.fixture
def sandbox(settings) -> Iterator[Sandbox]:
    """A Telegram that answers, over real HTTP."""
    with Sandbox() as running:
        settings.TELEGRAM_API_BASE_URL = running.url
        yield running
        hang_up()


@pytest.fixture
def patient(sandbox, patient_chat):
    """Alice in her chat, linked to her record, as Telegram knows her."""
    user = sandbox.user(patient_chat.telegram_id, first_name="Alice", language_code="en")
    user.types("/start")
    TelegramChat.objects.create(bot=patient_chat.bot, user=patient_chat.user)
    return user


@pytest.fixture
def own(alice, people, check_up):
    """Alice's appointment, tomorrow at ten."""
    return book(alice, check_up, at(10), guest=replace(Guest.known(people.alice), email="alice@example.com"))


@pytest.fixture
def reminded(own):
    """A reminder of it that waits."""
    plan_reminders(instant(18))
    return Notice.objects.get()
