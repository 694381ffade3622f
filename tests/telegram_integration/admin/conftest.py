"""Browsers as for all admin pages, a Telegram to ask, and somebody who is linked."""

from collections.abc import Callable, Iterator

import pytest

from accounts.permissions import Role
from telegram_integration.bots import forget_bots, give_bot
from telegram_integration.client.calls import hang_up
from telegram_integration.models import Proof, TelegramBot, TelegramChat, TelegramLink, TelegramUser
from tenants.models import Hospital
from tests.admin.browser import Browser
from tests.admin.conftest import browser_of, operator
from tests.support.telegram import Sandbox

__all__ = ["browser_of", "operator"]

OWN_TOKEN = "220201543:own-token-own-token-own-token-own-to"
THEIR_TOKEN = "330201543:their-token-their-token-their-token"


@pytest.fixture
def telegram(settings) -> Iterator[Sandbox]:
    """A make-believe Telegram."""
    with Sandbox() as sandbox:
        settings.TELEGRAM_API_BASE_URL = sandbox.url
        yield sandbox
        hang_up()


@pytest.fixture(autouse=True)
def no_bots_remembered() -> Iterator[None]:
    """Bots of one test are not those of the next."""
    forget_bots()
    yield
    forget_bots()


@pytest.fixture
def as_admin(browser_of: Callable[[str], Browser]) -> Browser:
    """Adam's browser."""
    return browser_of(Role.ADMIN)


@pytest.fixture
def at_desk(browser_of: Callable[[str], Browser]) -> Browser:
    """Fon's browser."""
    return browser_of(Role.FRONT_DESK)


@pytest.fixture
def own_bot(hospital) -> TelegramBot:
    """Ploy's own."""
    return give_bot(hospital, OWN_TOKEN)


@pytest.fixture
def their_bot(other_hospital) -> TelegramBot:
    """Rama's."""
    return give_bot(other_hospital, THEIR_TOKEN)


@pytest.fixture
def link(hospital, people) -> TelegramLink:
    """Alice of Ploy on Telegram."""
    return linked(hospital, people.alice.pk, 5_001_777_001, name="Alice Smith", phone_number="+66812345678")


@pytest.fixture
def their_link(other_hospital, other_people) -> TelegramLink:
    """Rama's Alice on Telegram."""
    return linked(other_hospital, other_people.alice.pk, 5002, name="Charlie Brown")


def linked(hospital: Hospital, patient_id: object, telegram_id: int, **facts: str) -> TelegramLink:
    """Somebody on Telegram who is a patient."""
    user = TelegramUser.objects.create(telegram_id=telegram_id, hospital=hospital, **facts)
    return TelegramLink.objects.create(user=user, hospital=hospital, patient_id=patient_id, proof=Proof.CODE)


def block(user: TelegramUser, bot: TelegramBot) -> TelegramChat:
    """A chat with a bot that the person has blocked."""
    return TelegramChat.objects.create(user=user, bot=bot, blocked_at=user.created_at)
