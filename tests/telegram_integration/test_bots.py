"""Which bots there are, and what opens their tokens."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from core.sealing import CannotUnseal
from telegram_integration.bots import (
    bot_of_hospital,
    bots_at_work,
    forget_bots,
    give_bot,
    number_of,
    platform_bot,
    secret_of,
    token_of,
)
from telegram_integration.models import TelegramBot
from tests.support.statements import counted

OWN = "220201543:another-for-tests-only-another-for-test"
NEXT = "330201543:a-third-for-tests-only-a-third-for-tests"


@pytest.fixture
def at(settings):
    """Puts a token of the platform's bot into the settings."""

    def put(token: str) -> TelegramBot | None:
        settings.TELEGRAM_BOT_TOKEN = token
        forget_bots()
        return platform_bot()

    return put


def test_the_platforms_bot_is_the_one_of_the_token(db, at):
    bot = at(OWN)

    assert (bot.telegram_id, bot.hospital, bot.is_active) == (220201543, None, True)
    assert at(OWN) == bot
    assert token_of(bot) == OWN


def test_without_a_token_there_is_none(db, at):
    assert at("") is None
    assert bots_at_work() == []


def test_it_is_looked_up_once_in_a_while(db, at):
    at(OWN)
    with counted() as statements:
        platform_bot()
    assert len(statements) == 0


def test_another_token_takes_the_first_ones_place_and_back(db, at):
    first, second = at(OWN), at(NEXT)

    assert first.pk != second.pk
    assert not TelegramBot.objects.get(pk=first.pk).is_active
    with pytest.raises(CannotUnseal):
        token_of(first)
    assert at(OWN).pk == first.pk
    assert list(TelegramBot.objects.filter(is_active=True)) == [first]


def test_a_bot_that_was_switched_off_stays_off(db, at):
    bot = at(OWN)
    TelegramBot.objects.filter(pk=bot.pk).update(is_active=False)

    assert at(OWN) is None
    assert bots_at_work() == []


def test_the_platforms_token_is_never_a_hospitals(hospital, at):
    give_bot(hospital, OWN)

    assert at(OWN) is None


@pytest.mark.parametrize(
    "token", ["", "x", "123", "123:short", "x:" + "a" * 35, "123:" + "a" * 35 + "/x", "123:" + "ก" * 35]
)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(ValueError, match="looks like"):
        number_of(token)


def test_a_hospitals_own_bot_speaks_for_it_and_the_platforms_for_the_others(hospital, other_hospital, at):
    shared, own = at(NEXT), give_bot(hospital, OWN)

    assert bot_of_hospital(hospital) == own
    assert bot_of_hospital(other_hospital) == shared
    assert set(bots_at_work()) == {shared, own}


@pytest.mark.parametrize("what", ["bot", "hospital"])
def test_what_is_switched_off_is_not_at_work(hospital, at, what):
    at("")
    own = give_bot(hospital, OWN)
    off = own if what == "bot" else hospital
    off.is_active = False
    off.save()

    assert bots_at_work() == []


def test_its_token_and_secret_are_sealed_and_open_in_its_row_alone(hospital, other_hospital):
    own, other = give_bot(hospital, OWN), give_bot(other_hospital, NEXT)
    row = TelegramBot.objects.get(pk=own.pk)

    assert OWN not in row.token
    assert (token_of(row), len(secret_of(row))) == (OWN, 43)
    other.token, other.secret = row.token, row.secret
    with pytest.raises(CannotUnseal):
        token_of(other)
    with pytest.raises(CannotUnseal):
        secret_of(other)


def test_a_new_token_of_the_same_bot_keeps_its_row_and_another_bot_gets_one(hospital):
    first = give_bot(hospital, OWN)
    again = give_bot(hospital, OWN.replace("another", "renewed"))
    other = give_bot(hospital, NEXT)

    assert (again.pk, again.slug) == (first.pk, first.slug)
    assert token_of(again) == OWN.replace("another", "renewed")
    assert other.pk != first.pk
    assert TelegramBot.objects.filter(hospital=hospital).get() == other


def test_two_hospitals_never_share_a_bot(hospital, other_hospital):
    give_bot(hospital, OWN)

    with pytest.raises(IntegrityError), transaction.atomic():
        give_bot(other_hospital, OWN)


def test_after_resealing_the_old_key_is_not_needed(hospital, settings, at):
    at(NEXT)
    own = give_bot(hospital, OWN)
    secret = secret_of(own)
    settings.ENCRYPTION_KEYS = ["a new key", *settings.ENCRYPTION_KEYS]

    call_command("reseal_telegram_tokens")

    settings.ENCRYPTION_KEYS = ["a new key"]
    row = TelegramBot.objects.get(pk=own.pk)
    assert (token_of(row), secret_of(row)) == (OWN, secret)


def test_without_the_old_key_nothing_is_changed_and_the_bot_is_named(hospital, settings):
    own = give_bot(hospital, OWN)
    settings.ENCRYPTION_KEYS = ["a new key"]

    with pytest.raises(CommandError, match=str(own.pk)):
        call_command("reseal_telegram_tokens")

    assert TelegramBot.objects.get(pk=own.pk).token == own.token
