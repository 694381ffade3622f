"""Which bots there are: the platform's, by the token in the settings, and the hospitals' own."""

import logging
import re
import secrets
from threading import Lock
from uuid import uuid4

from cachetools import TTLCache
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from core.sealing import CannotUnseal
from telegram_integration.client.tokens import open_secret, open_token, seal_secret, seal_token
from telegram_integration.models import TelegramBot
from tenants.models import Hospital

logger = logging.getLogger(__name__)

# How long a process goes on with what it read of the platform's bot (seconds).
STALE_AFTER = 5
# The form of a token: the bot's number, a colon, 35 or more characters
# (core.telegram.org/bots/features#generating-an-authentication-token).
_TOKEN = re.compile(r"(?P<number>[0-9]{1,15}):[A-Za-z0-9_-]{30,80}")

_found: TTLCache[tuple[str, str], TelegramBot | None] = TTLCache(maxsize=8, ttl=STALE_AFTER)
_lock = Lock()


def number_of(token: str) -> int:
    """The bot's number in a token. Raises `ValueError` for what is no token."""
    form = _TOKEN.fullmatch(token)
    if form is None:
        raise ValueError("A token of Telegram looks like 123456789:AbCdEf…")
    return int(form["number"])


def platform_bot() -> TelegramBot | None:
    """The platform's bot; None where the settings name none, or it was switched off."""
    token = settings.TELEGRAM_BOT_TOKEN
    if not token:
        return None
    # The database's name is part of the key, so that a test's database never answers for another.
    key = (str(connection.settings_dict["NAME"]), token)
    with _lock:
        if key in _found:
            return _found[key]
    bot = _row_of(number_of(token))
    with _lock:
        _found[key] = bot
    return bot


def bot_of_hospital(hospital: Hospital) -> TelegramBot | None:
    """The bot that talks for a hospital: its own active one, else the platform's."""
    own = TelegramBot.objects.filter(hospital=hospital, is_active=True).first()
    return own or platform_bot()


def bots_at_work() -> list[TelegramBot]:
    """All bots that answer: the platform's, and those of active hospitals."""
    shared = platform_bot()
    own = TelegramBot.objects.filter(is_active=True, hospital__is_active=True).select_related("hospital")
    return [*([shared] if shared else []), *own]


def own_bot_by_slug(slug: str) -> TelegramBot | None:
    """The active bot of an active hospital at that path of the webhook."""
    return TelegramBot.objects.filter(slug=slug, is_active=True, hospital__is_active=True).first()


def token_of(bot: TelegramBot) -> str:
    """The token to talk to Telegram with. Raises `CannotUnseal`."""
    if bot.hospital_id is not None:
        return open_token(bot)
    token: str = settings.TELEGRAM_BOT_TOKEN
    if not token or number_of(token) != bot.telegram_id:
        raise CannotUnseal("The settings hold another bot's token.")
    return token


def secret_of(bot: TelegramBot) -> str:
    """What Telegram says in the header of each update; empty for a bot without. Raises `CannotUnseal`."""
    if bot.hospital_id is None:
        return str(settings.TELEGRAM_WEBHOOK_SECRET)
    return open_secret(bot) if bot.secret else ""


def give_bot(hospital: Hospital, token: str) -> TelegramBot:
    """Give a hospital a bot of its own, or another one in its place.

    Raises `ValueError` for what is no token; `IntegrityError` if it is another hospital's or the platform's.
    """
    number = number_of(token)
    with transaction.atomic():
        before = TelegramBot.objects.select_for_update().filter(hospital=hospital).first()
        if before is not None and before.telegram_id != number:
            # Its chats, and what they were sent, are not the other one's.
            before.delete()
            before = None
        bot = before or TelegramBot(pk=uuid4(), hospital=hospital, telegram_id=number)
        bot.token, bot.is_active = seal_token(bot.pk, token), True
        bot.secret = bot.secret or seal_secret(bot.pk, secrets.token_urlsafe(32))
        bot.save()
    return bot


def forget_bots() -> None:
    """Drop what this process remembers."""
    with _lock:
        _found.clear()


def _row_of(number: int) -> TelegramBot | None:
    row = TelegramBot.objects.filter(telegram_id=number).first()
    if row is not None and row.hospital_id is not None:
        logger.error("TELEGRAM_BOT_TOKEN is the token of a hospital's own bot")
        return None
    if row is not None and row.is_active:
        return row
    try:
        return _put_at_work(number)
    except IntegrityError:
        # Another process did it in the same moment.
        return TelegramBot.objects.filter(telegram_id=number, hospital=None, is_active=True).first()


def _put_at_work(number: int) -> TelegramBot | None:
    """Make the row of the platform's bot, in the place of another token's; None if it was switched off."""
    with transaction.atomic():
        rows = list(TelegramBot.objects.select_for_update().filter(hospital=None))
        known = next((row for row in rows if row.telegram_id == number), None)
        others = [row.pk for row in rows if row.is_active and row.telegram_id != number]
        if known is not None and not others:
            return known if known.is_active else None
        TelegramBot.objects.filter(pk__in=others).update(is_active=False)
        bot = known or TelegramBot(telegram_id=number)
        bot.is_active = True
        bot.save()
    return bot
