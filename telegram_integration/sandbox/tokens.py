"""Tokens of bots, as BotFather gives them out."""

import re

from telegram_integration.sandbox.errors import Refused
from telegram_integration.sandbox.state import Bot, World

TOKEN = re.compile(r"[1-9]\d{0,18}:[A-Za-z0-9_-]{20,80}")


def bot_of(world: World, token: str) -> Bot:
    """The bot of a token: any of the right form is one. Raises `Refused`, as Telegram does.

    Something that is no token at all is 404; one that was revoked, or is another one than the bot's, is 401.
    """
    if not re.fullmatch(r"[1-9]\d{0,18}:[^/]+", token):
        raise Refused(404, "Not Found")
    if not TOKEN.fullmatch(token):
        raise Refused(401, "Unauthorized")
    bot = world.bot_of(token)
    if bot.is_revoked or bot.token != token:
        raise Refused(401, "Unauthorized")
    return bot
