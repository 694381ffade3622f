"""What Telegram shows of a bot before anybody speaks to it: commands, descriptions. Set where it differs."""

import asyncio
import logging
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _
from telegram import Bot, BotCommand

from telegram_integration.client.connection import ask
from telegram_integration.client.errors import Refused, TelegramFault
from telegram_integration.inbox.threads import Threads
from telegram_integration.models import TelegramBot
from tenants.models import Language

logger = logging.getLogger(__name__)

# Telegram's language codes, and the language that is spoken there: "" is for all the others.
LANGUAGES = {"": Language.THAI, "th": Language.THAI, "en": Language.ENGLISH}
# While Telegram or the database is away it is tried again after so many seconds.
PAUSE = 30.0


async def introduce(row: TelegramBot, bot: Bot, threads: Threads) -> None:
    """Learn the bot's name and have Telegram show its commands and descriptions. Never raises."""
    while True:
        try:
            await _learn_name(row, bot, threads)
            for code, language in LANGUAGES.items():
                await _show(bot, code, language)
        except Refused as refusal:
            logger.warning("bot %s was not introduced: %s", row.telegram_id, refusal)
        except (TelegramFault, OperationalError, InterfaceError):
            await asyncio.sleep(PAUSE)
            continue
        return


async def _learn_name(row: TelegramBot, bot: Bot, threads: Threads) -> None:
    me = await ask(bot, "get_me")
    username = me.username or ""
    if username != row.username:
        await threads.run(partial(_note_name, row, username))
        row.username = username


def _note_name(row: TelegramBot, username: str) -> None:
    TelegramBot.objects.filter(pk=row.pk).update(username=username)


async def _show(bot: Bot, code: str, language: str) -> None:
    named = {"language_code": code or None}
    commands, description, short = _words(language)
    if [(one.command, one.description) for one in await ask(bot, "get_my_commands", **named)] != commands:
        told: list[Any] = [BotCommand(command, about) for command, about in commands]
        await ask(bot, "set_my_commands", commands=told, **named)
    if (await ask(bot, "get_my_description", **named)).description != description:
        await ask(bot, "set_my_description", description=description, **named)
    if (await ask(bot, "get_my_short_description", **named)).short_description != short:
        await ask(bot, "set_my_short_description", short_description=short, **named)


def _words(language: str) -> tuple[list[tuple[str, str]], str, str]:
    """Commands with what they do, the description (at most 512 characters) and the short one (120)."""
    with translation.override(language):
        commands = [
            ("start", _("Begin, or back to the menu")),
            ("book", _("Book an appointment")),
            ("myappointments", _("My appointments")),
            ("hospital", _("Choose another hospital")),
            ("language", "ภาษา / Language"),
            ("help", _("Help")),
            ("cancel", _("Leave what is open")),
        ]
        description = _(
            "Book an appointment at the hospital here, look it up, move it or cancel it. "
            "You are reminded a day before."
        )
        return commands, description, _("Appointments at the hospital: book, move, cancel.")
