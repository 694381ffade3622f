"""A bot of the platform, and people who chat with it."""

import pytest
from django.conf import settings as django_settings

from telegram_integration.models import Proof, TelegramBot, TelegramLink
from tenants.models import Hospital
from tests.support.chat import Chat
from tests.support.people import People


@pytest.fixture
def platform_bot(db) -> TelegramBot:
    """The bot that all hospitals share."""
    number = int(django_settings.TELEGRAM_BOT_TOKEN.partition(":")[0])
    return TelegramBot.objects.get_or_create(telegram_id=number, defaults={"username": "nadmor_bot"})[0]


@pytest.fixture
def first_hospital(hospital, settings) -> Hospital:
    """Ploy is where everybody starts who has chosen nothing."""
    settings.DEFAULT_SUBDOMAIN = hospital.subdomain
    return hospital


@pytest.fixture
def chat(platform_bot, first_hospital) -> Chat:
    """Somebody whom no hospital knows, who reads English."""
    return Chat(platform_bot).speaks("en")


@pytest.fixture
def patient_chat(platform_bot, first_hospital, people) -> Chat:
    """Alice, Ploy's patient, who reads English."""
    return patient_of(platform_bot, first_hospital, people)


def patient_of(bot: TelegramBot, hospital: Hospital, people: People) -> Chat:
    """Alice of a hospital, who is linked to her record there."""
    chat = Chat(bot, first_name="Alice").speaks("en")
    user = chat.user
    user.name, user.phone_number, user.is_verified = people.alice.name, people.alice.phone_number, True
    user.hospital = hospital
    user.save()
    TelegramLink.objects.create(user=user, hospital=hospital, patient_id=people.alice.pk, proof=Proof.CODE)
    return chat
