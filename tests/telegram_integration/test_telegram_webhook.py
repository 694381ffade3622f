"""Telling Telegram where to post a bot's updates, and what it says about it."""

import io

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from telegram_integration.bots import give_bot, secret_of
from telegram_integration.inbox.keeping import KINDS
from tests.support.telegram import Sandbox

BASE = "https://nadmor.example"
OWN_TOKEN = "220201543:another-for-tests-only-another-for-test"


@pytest.fixture
def telegram(settings):
    settings.TELEGRAM_WEBHOOK_BASE_URL = BASE
    with Sandbox() as sandbox:
        settings.TELEGRAM_API_BASE_URL = sandbox.url
        yield sandbox


def said(*arguments):
    out = io.StringIO()
    call_command("telegram_webhook", *arguments, stdout=out)
    return out.getvalue()


def test_it_is_set_with_the_secret_told_and_deleted(telegram, platform_bot):
    assert f"{BASE}/telegram/webhook\n" in said("--set")
    [call] = telegram.calls("setWebhook")
    assert call["arguments"]["secret_token"] == django_settings.TELEGRAM_WEBHOOK_SECRET
    assert all(kind in str(call["arguments"]["allowed_updates"]) for kind in KINDS)

    assert f"address: {BASE}/telegram/webhook" in said("--info")
    said("--delete")
    assert "none" in said("--info")


def test_a_hospitals_own_bot_has_its_own(telegram, platform_bot, hospital):
    bot = give_bot(hospital, OWN_TOKEN)
    telegram.ask("POST", "/bots", token=OWN_TOKEN)

    assert f"{BASE}/telegram/webhook/{bot.slug}" in said("--set", "--hospital", "ploy")
    [call] = telegram.calls("setWebhook")
    assert call["arguments"]["secret_token"] == secret_of(bot)


@pytest.mark.parametrize(
    ("missing", "arguments", "told"),
    [
        ("TELEGRAM_BOT_TOKEN", ["--info"], "TELEGRAM_BOT_TOKEN is not set"),
        ("TELEGRAM_WEBHOOK_BASE_URL", ["--set"], "TELEGRAM_WEBHOOK_BASE_URL"),
        ("TELEGRAM_WEBHOOK_SECRET", ["--set"], "TELEGRAM_WEBHOOK_SECRET"),
        ("", ["--set", "--hospital", "ploy"], "no bot of its own"),
        ("", ["--set", "--hospital", "nowhere"], "There is no hospital"),
    ],
    ids=["token", "address", "secret", "own-bot", "hospital"],
)
def test_what_is_missing_is_said(telegram, platform_bot, hospital, settings, missing, arguments, told):
    if missing:
        setattr(settings, missing, "")

    with pytest.raises(CommandError, match=told):
        said(*arguments)


def test_a_telegram_that_is_away_is_said_without_the_token(telegram, platform_bot, settings):
    settings.TELEGRAM_API_BASE_URL = "http://127.0.0.1:9"

    with pytest.raises(CommandError, match="Away") as caught:
        said("--info")
    assert telegram.token.partition(":")[2] not in str(caught.value)
